import { codeFrame } from '../../../diagnostics/code-frame.ts';
import type { Severity } from '../../../diagnostics/diagnostic.ts';
import { stripControl } from '../../../diagnostics/redact.ts';
import type { LintFinding, LintReport } from '../../../lint/lint.ts';
import type { Terminal } from '../../terminal.ts';
import { clip } from '../clip.ts';
import type { FindingFormat } from './finding-format.ts';

/** For people: place, rule and sentence, the lines, what to do; then the counts. */
export const text: FindingFormat = {
  render(reports, terminal) {
    const findings = reports.flatMap(({ findings, source }) =>
      findings.map((finding) => renderFinding(finding, source, terminal)),
    );
    return [...findings, `${summary(reports, terminal)}\n`].join('\n');
  },
};

const WORDS: Readonly<Record<Severity, readonly [one: string, many: string]>> = {
  error: ['error', 'errors'],
  warning: ['warning', 'warnings'],
  info: ['note', 'notes'],
};

function renderFinding(finding: LintFinding, source: string, terminal: Terminal): string {
  const { code, message, range, severity, hint, fix } = finding;
  const { colors } = terminal;
  const paint = { error: colors.red, warning: colors.yellow, info: colors.cyan }[severity];
  const place = colors.bold(`${range.file}:${range.start.line}:${range.start.column}`);
  const title = `${place}: ${paint(WORDS[severity][0])}: ${stripControl(message)} ${colors.dim(`(${code})`)}`;
  const fixFlag = fix?.safety === 'safe' ? '--fix' : '--fix=all';
  const next = [
    ...(hint ? [`  ${colors.cyan('hint')}: ${stripControl(hint)}`] : []),
    ...(fix ? [`  ${colors.green('fix')}:  ${stripControl(fix.title)} ${colors.dim(`(${fixFlag})`)}`] : []),
  ];
  return `${[title, frame(source, finding, terminal), ...next].join('\n')}\n`;
}

function frame(source: string, { range }: LintFinding, terminal: Terminal): string {
  const width = terminal.isTerminal ? terminal.columns() - 1 : Infinity;
  const isLong = range.end.line - range.start.line > 5;
  const shown = isLong ? { ...range, end: { line: range.start.line, column: range.start.column } } : range;
  const lines = stripControl(codeFrame(source, shown, { context: 1 })).split('\n');
  return lines.map((line) => clip(`  ${line}`, width, terminal)).join('\n');
}

function summary(reports: readonly LintReport[], { colors }: Terminal): string {
  const files = reports.length === 1 ? '1 file' : `${reports.length} files`;
  const findings = reports.flatMap((report) => report.findings);
  if (findings.length === 0) return colors.green(`Nothing found in ${files}.`);
  const counts = (['error', 'warning', 'info'] as const).flatMap((severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length;
    return count === 0 ? [] : [`${count} ${WORDS[severity][Number(count > 1)]}`];
  });
  const safe = findings.filter(({ fix }) => fix?.safety === 'safe').length;
  const more = findings.filter(({ fix }) => fix?.safety === 'suggested').length;
  const fixes = [...(safe > 0 ? [`--fix mends ${safe}`] : []), ...(more > 0 ? [`--fix=all mends ${safe + more}`] : [])];
  return `${counts.join(', ')} in ${files}${fixes.length > 0 ? `; ${fixes.join(', ')}` : ''}`;
}
