import { KnownError } from '../diagnostics/known-error.ts';
import type { Dockerfile, Instruction } from './ast.ts';
import { parseInstruction } from './parse-instruction.ts';
import { matchesDirective } from './parser-directive.ts';
import { type PrintedInstruction, printDocuments, printInstruction } from './print-instruction.ts';
import { continuationAt } from './statement.ts';
import { skipSpaceBack } from './white-space.ts';

/**
 * The text of a tree: parsing it gives the same tree again, ranges aside. An instruction whose `original` still says
 * what its other fields say is printed as it was written, its continuation lines joined; one that was made or changed
 * by a program is printed in a plain form of its own. Comments stay with their instructions.
 */
export function printDockerfile(dockerfile: Dockerfile): string {
  const { instructions, escape: escapeToken } = dockerfile;
  const top = printDirectives(dockerfile);
  const isMistakable = instructions[0]?.comment.some((comment) => matchesDirective(comment));
  const lines = top.length > 0 || isMistakable ? [...top, ''] : [];
  for (const [index, instruction] of instructions.entries()) {
    if (instruction.kind === 'FROM' && index > 0) lines.push('');
    for (const comment of instruction.comment) lines.push(`# ${comment}`);
    lines.push(printOne(instruction, escapeToken));
  }
  return `${lines.join('\n')}\n`;
}

function printDirectives({ directives, escape: escapeToken }: Dockerfile): readonly string[] {
  const lines = directives.map(({ name, value }) => `# ${name}=${value}`);
  const isSaid = escapeToken === '\\' || directives.some(({ name }) => name === 'escape');
  return isSaid ? lines : [...lines, `# escape=${escapeToken}`];
}

function printOne(instruction: Instruction, escapeToken: '\\' | '`'): string {
  const { line: original, documents: own } = writtenInstruction(instruction);
  const written = foldLine(closeLine(original, escapeToken), escapeToken) + own;
  if (meansTheSame(written, instruction, escapeToken)) return written;
  const { line, documents } = printInstruction(instruction, escapeToken);
  return foldLine(closeLine(line, escapeToken), escapeToken) + documents;
}

/**
 * A trigger keeps the blanks at its end, and of heredocs with the same name each document: they are part of what the
 * image's config holds.
 */
function writtenInstruction(instruction: Instruction): PrintedInstruction {
  if (instruction.kind !== 'ONBUILD') return { line: instruction.original, documents: printDocuments(instruction) };
  const { original, expression } = instruction;
  const [line = ''] = expression.split('\n', 1);
  return { line: original + line.slice(skipSpaceBack(line, 0, line.length)), documents: expression.slice(line.length) };
}

function meansTheSame(text: string, instruction: Instruction, escapeToken: '\\' | '`'): boolean {
  try {
    const read = parseInstruction(text, { escape: escapeToken });
    return withoutRanges(read) === withoutRanges({ ...instruction, comment: [] });
  } catch (error) {
    if (error instanceof KnownError) return false;
    throw error;
  }
}

function withoutRanges(instruction: Instruction): string {
  return JSON.stringify(instruction, (key, value) => (key === 'range' || key === 'keywordRange' ? undefined : value));
}

/**
 * Keeps a line that ends in an escape from going on. A form feed is trimmed and yet no blank that may follow the escape;
 * with blanks behind it, which a trigger keeps, such a line was the last of its file and goes on to nothing.
 */
function closeLine(line: string, escapeToken: string): string {
  if (continuationAt(line, 0, escapeToken) === undefined) return line;
  return line + (line.endsWith(escapeToken) ? '\f' : escapeToken);
}

/** Lines have a limit of 65535 bytes; a character is at most four of them. */
const FOLD_AT = 16_000;

/** Breaks an overlong line where that changes nothing: not behind an escape, nor before white space or a `#`. */
function foldLine(line: string, escapeToken: string): string {
  const parts: string[] = [];
  let rest = line;
  while (rest.length > FOLD_AT) {
    let at = FOLD_AT;
    while (at > 1 && (rest.charAt(at - 1) === escapeToken || /[\s#\udc00-\udfff]/.test(rest.charAt(at)))) at--;
    if (at <= 1) break;
    parts.push(rest.slice(0, at) + escapeToken);
    rest = rest.slice(at);
  }
  return [...parts, rest].join('\n');
}
