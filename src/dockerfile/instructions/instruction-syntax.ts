import type { ErrorCode } from '../../diagnostics/error-code.ts';
import { KnownError } from '../../diagnostics/known-error.ts';
import type { SourceRange } from '../../diagnostics/source-range.ts';
import type { Instruction } from '../ast.ts';
import type { Span } from '../logical-line.ts';
import { rangeOf } from '../logical-line.ts';
import type { Statement } from '../statement.ts';

/** What a flag's value is; a `list` may be given several times. */
export type FlagType = 'string' | 'boolean' | 'list';

/** What an instruction adds to the fields that all have. */
export type Details<I extends Instruction> = Omit<
  I,
  'range' | 'keywordRange' | 'keyword' | 'original' | 'flags' | 'comment'
>;

/** The syntax of one instruction: what follows its keyword. */
export interface InstructionSyntax<I extends Instruction> {
  readonly kind: I['kind'];
  readonly flags: Readonly<Record<string, FlagType>>;
  /** Reads the arguments; the flags' names are checked before. Throws KnownError with a range. */
  readonly parse: (statement: Statement) => Details<I>;
}

export interface InvalidOptions {
  /** The place; without one it is the arguments, and where there are none the keyword. */
  readonly at?: Span | undefined;
  readonly range?: SourceRange | undefined;
  readonly hint?: string | undefined;
  /** DOCKERFILE_SYNTAX unless told. */
  readonly code?: ErrorCode | undefined;
}

/** An error about a statement, with its place. */
export function invalid({ line, command }: Statement, message: string, options: InvalidOptions = {}): KnownError {
  const place = options.at ?? (command.args.text === '' ? command.keyword : command.args);
  return new KnownError(options.code ?? 'DOCKERFILE_SYNTAX', message, {
    range: options.range ?? rangeOf(line, place),
    hint: options.hint,
  });
}
