import { SourceText } from '../../../diagnostics/source-text.ts';
import type { LintFinding, LintReport } from '../../../lint/lint.ts';
import { RULES } from '../../../lint/rules.ts';
import { type SarifLevel, type SarifResult, type SarifRule, sarifLog } from '../../../sarif/sarif-log.ts';
import { version } from '../../version.ts';
import { RULE_DESCRIPTIONS } from '../rule-descriptions.ts';
import type { FindingFormat } from './finding-format.ts';

/** SARIF 2.1.0, for code hosts and editors: one run over all files. */
export const sarif: FindingFormat = {
  render(reports) {
    const results = reports.flatMap((report) => report.findings.map((finding) => resultOf(finding, report)));
    const found = new Set(results.map(({ ruleId }) => ruleId));
    return `${JSON.stringify(sarifLog({ version: version(), rules: rulesFor(found), results }), undefined, 2)}\n`;
  },
};

const LEVELS = { error: 'error', warning: 'warning', info: 'note' } as const satisfies Record<string, SarifLevel>;

/** All of Slipway's rules and build checks; codes of errors and of other tools only where they were found. */
function rulesFor(found: ReadonlySet<string>): readonly SarifRule[] {
  const own = RULES.map(({ name, summary, severity }) => ({
    id: name,
    summary: `${summary}.`,
    level: LEVELS[severity],
  }));
  const checks = Object.entries(RULE_DESCRIPTIONS).map(
    ([id, summary]): SarifRule => ({ id, summary, level: 'warning' }),
  );
  const known = new Set([...own, ...checks].map(({ id }) => id));
  const others = [...found].filter((id) => !known.has(id)).sort();
  return [...own, ...checks, ...others.map((id): SarifRule => ({ id, summary: id, level: 'error' }))];
}

function resultOf(finding: LintFinding, { source, file }: LintReport): SarifResult {
  const { code, severity, message, hint, range, fix } = finding;
  const text = new SourceText(file, source);
  const edits = fix?.edits ?? [];
  const replacements = edits.map((edit) => ({ range: text.rangeOf(edit.start, edit.end), text: edit.text }));
  return {
    ruleId: code,
    level: LEVELS[severity],
    message: hint ? `${message} ${hint}` : message,
    places: [{ path: file, range }],
    ...(fix && edits.length > 0 && { fixes: [{ description: fix.title, path: file, replacements }] }),
  };
}
