import { codeFrame } from '../../diagnostics/code-frame.ts';
import { KnownError } from '../../diagnostics/known-error.ts';
import { stripControl } from '../../diagnostics/redact.ts';
import type { Terminal } from '../terminal.ts';
import { version } from '../version.ts';
import { clip } from './clip.ts';

/** An error as people see it: the place and what happened, the lines, what was said, what to do. Ends with a newline. */
export function renderError(error: unknown, terminal: Terminal): string {
  return error instanceof KnownError ? renderKnownError(error, terminal) : renderBug(error, terminal);
}

function renderKnownError(error: KnownError, terminal: Terminal): string {
  const { colors } = terminal;
  const { source, details, hint } = error;
  // Whoever stopped the work knows where.
  const range = error.code === 'BUILD_CANCELLED' ? undefined : error.range;
  const place = range ? `${colors.bold(`${range.file}:${range.start.line}:${range.start.column}`)}: ` : '';
  const parts = [`${place}${colors.red('error')}: ${stripControl(error.message)} ${colors.dim(`(${error.code})`)}`];
  if (range && source !== undefined) parts.push(frame(stripControl(codeFrame(source, range)), terminal));
  if (details) parts.push(indent(stripControl(details).trimEnd(), '  | '));
  const next = [
    ...(hint ? [`  ${colors.cyan('hint')}: ${stripControl(hint)}`] : []),
    ...(NEEDS_NO_PAGE.includes(error.code) ? [] : [`  ${colors.dim(`more: slipway help ${error.code}`)}`]),
  ];
  return `${[...parts, ...(next.length > 0 ? [next.join('\n')] : [])].join('\n\n')}\n`;
}

/** Nobody reads up on a flag that was mistyped, or on Ctrl-C. */
const NEEDS_NO_PAGE: readonly string[] = ['USAGE', 'BUILD_CANCELLED'];

/** On a terminal long lines are cut rather than wrapped, unless that would cut off what is underlined. */
function frame(text: string, terminal: Terminal): string {
  const lines = indent(text, '  ').split('\n');
  const width = terminal.columns() - 1;
  const underlined = lines.find((line) => /^\s*\| *\^+$/.test(line))?.indexOf('^') ?? 0;
  if (!terminal.isTerminal || underlined > width / 2) return lines.join('\n');
  return lines.map((line) => clip(line, width, terminal)).join('\n');
}

function renderBug(error: unknown, { colors }: Terminal): string {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return [
    `${colors.red('This is a bug in Slipway')} (version ${version()}, Node.js ${process.version}). Please report it with these lines:`,
    '',
    stack,
    '',
  ].join('\n');
}

function indent(text: string, prefix: string): string {
  return text
    .split('\n')
    .map((line) => `${prefix}${line}`.trimEnd())
    .join('\n');
}
