import type { SourceText } from '../diagnostics/source-text.ts';
import type { CommandLine } from '../dockerfile/ast.ts';
import { parseHeredocWord } from '../dockerfile/heredoc.ts';

/** Text that a shell reads, and where each of its characters stands in the Dockerfile. */
export interface ShellSource {
  /** Continuations joined, comment lines between them left out. */
  readonly text: string;
  /** Offset in the Dockerfile's text (UTF-16 code units) of each character of `text`, and of its end. */
  readonly offsets: readonly number[];
}

/**
 * What a shell reads of a command: its lines joined, or the document when the command is nothing but one heredoc.
 * undefined for the exec form and for a document that names its own interpreter (`#!`).
 */
export function shellSource(
  command: CommandLine,
  source: SourceText,
  escapeToken: '\\' | '`' = '\\',
): ShellSource | undefined {
  if (command.form === 'exec') return undefined;
  const document = parseHeredocWord(command.command.trim()) ? command.heredocs[0] : undefined;
  if (document?.content.startsWith('#!')) return undefined;
  const { start, end } = (document ?? command).range;
  const bounds = { start: source.offsetAt(start), end: source.offsetAt(end) };
  return document ? documentSource(source.text, bounds) : joinLines(source.text, { ...bounds, escapeToken });
}

interface Bounds {
  readonly start: number;
  readonly end: number;
}

/** All lines but the last, which is the delimiter. */
function documentSource(source: string, { start, end }: Bounds): ShellSource {
  const text = source.slice(start, Math.max(start, source.lastIndexOf('\n', end - 1) + 1));
  return { text, offsets: Array.from({ length: text.length + 1 }, (_, index) => start + index) };
}

function joinLines(
  source: string,
  { start, end, escapeToken }: Bounds & { readonly escapeToken: string },
): ShellSource {
  let text = '';
  const offsets: number[] = [];
  for (let at = start; at < end; ) {
    const newline = source.indexOf('\n', at);
    const lineEnd = newline < 0 ? end : Math.min(newline, end);
    const line = source.slice(at, lineEnd);
    // Only lines behind the first can be comments: the first one has the instruction.
    const kept = at > start && /^\s*(?:#|$)/.test(line) ? '' : withoutContinuation(line, escapeToken);
    for (let index = 0; index < kept.length; index++) offsets.push(at + index);
    text += kept;
    at = lineEnd + 1;
  }
  offsets.push(end);
  return { text, offsets };
}

function withoutContinuation(line: string, escapeToken: string): string {
  const trimmed = line.trimEnd();
  return trimmed.endsWith(escapeToken) ? trimmed.slice(0, -1) : trimmed;
}
