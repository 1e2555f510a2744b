import type { Instruction } from '../../dockerfile/ast.ts';
import type { TextEdit } from '../finding.ts';
import type { LintSubject } from '../subject/lint-subject.ts';

/** Puts lines in front of an instruction and of the comments that stand right above it. */
export function insertBefore({ text }: LintSubject, instruction: Instruction, lines: readonly string[]): TextEdit {
  let { line } = instruction.range.start;
  while (line > 1 && /^\s*#/.test(text.line(line - 1)) && !isDirective(text.line(line - 1))) line--;
  const start = text.offsetAt({ line, column: 1 });
  return { start, end: start, text: lines.map((one) => `${one}\n`).join('') };
}

/** Puts lines behind an instruction. */
export function insertAfter({ text }: LintSubject, instruction: Instruction, lines: readonly string[]): TextEdit {
  const { line } = instruction.range.end;
  const isLast = line >= text.lineCount;
  const start = isLast ? text.text.length : text.offsetAt({ line: line + 1, column: 1 });
  return { start, end: start, text: isLast ? `\n${lines.join('\n')}` : lines.map((one) => `${one}\n`).join('') };
}

/** Takes an instruction away, its lines included. */
export function removeInstruction({ text }: LintSubject, { range }: Instruction): TextEdit {
  const start = text.offsetAt({ line: range.start.line, column: 1 });
  const isLast = range.end.line >= text.lineCount;
  const end = isLast ? text.text.length : text.offsetAt({ line: range.end.line + 1, column: 1 });
  return { start, end, text: '' };
}

/** Takes a piece of a line away together with the blanks in front of it. */
export function removeWord(
  { text: { text } }: LintSubject,
  { start, end }: { readonly start: number; readonly end: number },
): TextEdit {
  let from = start;
  while (from > 0 && /[ \t]/.test(text.charAt(from - 1))) from--;
  // At the start of a continued line the blanks are its indentation: those behind it go instead.
  if (text.charAt(from - 1) !== '\n') return { start: from, end, text: '' };
  let to = end;
  while (/[ \t]/.test(text.charAt(to))) to++;
  return { start, end: to, text: '' };
}

export function insertAt(at: number, text: string): TextEdit {
  return { start: at, end: at, text };
}

function isDirective(line: string): boolean {
  return /^\s*#\s*(?:syntax|escape|check)\s*=/i.test(line);
}
