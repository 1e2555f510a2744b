import fastStringWidth from 'fast-string-width';
import type { AuditReport, AuditRow } from '../../audit/audit.ts';
import type { Evidence } from '../../audit/check.ts';
import { stripControl } from '../../diagnostics/redact.ts';
import type { Terminal } from '../terminal.ts';
import { clip } from './clip.ts';

/** Where nobody has to read it in so many columns, lines are as long as they are. */
const WIDE = 200;
/** Evidence beside the name needs so many columns, else it stands below. */
const BESIDE = 70;
const SHOWN_EVIDENCE = 5;

/** One row a check with its evidence, hints of what failed below each, totals last. */
export function renderAudit(report: AuditReport, terminal: Terminal): string {
  const { colors } = terminal;
  const width = terminal.isTerminal ? terminal.columns() : WIDE;
  const nameWidth = Math.max(0, ...report.rows.map(({ check }) => check.length));
  const head = `${colors.bold(stripControl(report.image))}  ${report.platform}  ${colors.dim(report.id.slice(0, 19))}\n\n`;
  const rows = report.rows.map((row) => renderRow(row, { nameWidth, width, terminal }));
  return `${head}${rows.join('')}\n${summary(report, terminal)}`;
}

interface RowOptions {
  readonly nameWidth: number;
  readonly width: number;
  readonly terminal: Terminal;
}

function renderRow(row: AuditRow, { nameWidth, width, terminal }: RowOptions): string {
  const { colors } = terminal;
  const { check, status, evidence } = row;
  const isBeside = width >= BESIDE;
  const indent = isBeside ? nameWidth + 6 : 6;
  const shown = evidence.slice(0, SHOWN_EVIDENCE).map((each) => evidenceText(each));
  if (evidence.length > shown.length) shown.push(`and ${evidence.length - shown.length} more`);
  const hint =
    row.hint === undefined
      ? []
      : wrap(row.hint, width - indent - 7).map((line, index) => `${index === 0 ? 'hint: ' : '      '}${line}`);
  const tint = status === 'failed' ? (text: string) => text : colors.dim;
  const lines = [
    ...shown.flatMap((text) => wrap(text, width - indent - 1).map(tint)),
    ...hint.map((line) => colors.cyan(line)),
  ];
  const first = `  ${mark(row, terminal)} ${check}`;
  if (!isBeside) return `${first}\n${lines.map((line) => `${' '.repeat(indent)}${line}\n`).join('')}`;
  const gap = ' '.repeat(nameWidth + 2 - check.length);
  const [beside = '', ...below] = lines;
  return `${first}${gap}${beside}\n${below.map((line) => `${' '.repeat(indent)}${line}\n`).join('')}`;
}

function mark({ status, level }: AuditRow, { colors, unicode }: Terminal): string {
  if (status === 'passed') return colors.green(unicode ? '✓' : '+');
  if (status === 'not-applicable') return colors.dim(unicode ? '–' : '-');
  const sign = unicode ? '✗' : 'x';
  if (level === 'error') return colors.red(sign);
  return level === 'warning' ? colors.yellow(sign) : colors.blue(sign);
}

function evidenceText({ text, path, layer }: Evidence): string {
  const place = path === undefined ? '' : `/${path}${layer === undefined ? '' : ` (layer ${layer})`}: `;
  return stripControl(`${place}${text}`).replace(/\s+/g, ' ');
}

function summary({ rows }: AuditReport, { colors }: Terminal): string {
  const failed = rows.filter(({ status }) => status === 'failed');
  const count = (level: AuditRow['level']) => failed.filter((row) => row.level === level).length;
  const passed = rows.filter(({ status }) => status === 'passed').length;
  const rest = rows.length - failed.length - passed;
  const levels = (['error', 'warning', 'info'] as const).filter((level) => count(level) > 0);
  const split = failed.length === 0 ? '' : ` (${levels.map((level) => `${count(level)} ${level}`).join(', ')})`;
  return `${colors.bold(`${failed.length} failed${split}, ${passed} passed, ${rest} not applicable`)}\n`;
}

/** Lines of at most so many columns, broken between words; a word that is longer is broken where the line ends. */
function wrap(text: string, columns: number): readonly string[] {
  const width = Math.max(20, columns);
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && fastStringWidth(longer) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
    while (fastStringWidth(line) > width) {
      const head = clip(line, width + 1, { unicode: false }).replace(/~$/, '');
      lines.push(head);
      line = line.slice(head.length);
    }
  }
  return [...lines, line];
}
