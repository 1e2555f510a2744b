import { codeFrame } from '../../diagnostics/code-frame.ts';
import { KnownError } from '../../diagnostics/known-error.ts';
import { stripControl } from '../../diagnostics/redact.ts';
import type { Terminal } from '../terminal.ts';
import { version } from '../version.ts';

/** An error as people see it: the place and what happened, the lines, what was said, what to do. Ends with a newline. */
export function renderError(error: unknown, terminal: Terminal): string {
  return error instanceof KnownError ? renderKnownError(error, terminal) : renderBug(error, terminal);
}

function renderKnownError(error: KnownError, { colors }: Terminal): string {
  const { range, source, details, hint } = error;
  const place = range ? `${colors.bold(`${range.file}:${range.start.line}:${range.start.column}`)}: ` : '';
  const parts = [`${place}${colors.red('error')}: ${stripControl(error.message)} ${colors.dim(`(${error.code})`)}`];
  if (range && source !== undefined) parts.push(indent(stripControl(codeFrame(source, range)), '  '));
  if (details) parts.push(indent(stripControl(details).trimEnd(), '  | '));
  const next = [
    ...(hint ? [`  ${colors.cyan('hint')}: ${stripControl(hint)}`] : []),
    // Whoever mistyped a flag needs no page about it.
    ...(error.code === 'USAGE' ? [] : [`  ${colors.dim(`more: slipway help ${error.code}`)}`]),
  ];
  return `${[...parts, ...(next.length > 0 ? [next.join('\n')] : [])].join('\n\n')}\n`;
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
