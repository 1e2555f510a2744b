import { KnownError } from '../diagnostics/known-error.ts';
import type { SourceRange } from '../diagnostics/source-range.ts';
import type { Instruction } from './ast.ts';
import { parseStatement } from './instructions/instructions.ts';
import { readPreamble } from './parser-directive.ts';
import { readStatements } from './statement.ts';

export interface ParseInstructionOptions {
  /** Read where the text itself has no escape directive; a base image's triggers always mean the backslash. */
  readonly escape?: '\\' | '`' | undefined;
  /** Name shown in messages when there is no `range`. */
  readonly file?: string | undefined;
  /** Stands for every place in the text: the FROM whose image holds the trigger. */
  readonly range?: SourceRange | undefined;
}

/**
 * Parses a text that is one instruction, heredocs included: an ONBUILD trigger out of an image's config. Throws
 * KnownError as parseDockerfile does, and DOCKERFILE_SYNTAX when the text is none or several instructions.
 */
export function parseInstruction(text: string, options: ParseInstructionOptions = {}): Instruction {
  const file = options.file ?? options.range?.file ?? 'ONBUILD';
  const preamble = readPreamble(text, file);
  const escapeToken = preamble.directives.some(({ name }) => name === 'escape')
    ? preamble.escape
    : (options.escape ?? '\\');
  const reading = { file, escapeToken, skipLines: preamble.lineCount, pinned: options.range };
  const [statement, second] = [...readStatements(text, reading)];
  if (statement && !second) return parseStatement(statement);
  const start = { line: 1, column: 1 };
  throw new KnownError('DOCKERFILE_SYNTAX', `"${text}" is not one instruction.`, {
    range: options.range ?? { file, start, end: start },
  });
}
