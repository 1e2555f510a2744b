import type { ErrorCode } from './error-code.ts';
import type { SourceRange } from './source-range.ts';

export interface KnownErrorOptions {
  /** What the user can do next, in one sentence. */
  readonly hint?: string | undefined;
  /** Lines of foreign text that show what happened (the last output of a failed step); control characters removed. */
  readonly details?: string | undefined;
  readonly range?: SourceRange | undefined;
  readonly cause?: unknown;
  /** 1 when the work failed (the default), 2 when it was asked for wrongly; `run` has 125 to 127 as docker does. */
  readonly exitCode?: number | undefined;
}

/**
 * A failure the user can act on: shown as a code frame, the message and the hint, never with a stack. `message` is one
 * sentence with the offending value. Anything that is not a `KnownError` is a bug in Slipway.
 */
export class KnownError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly details: string | undefined;
  readonly exitCode: number;
  #range: SourceRange | undefined;
  #source: string | undefined;

  constructor(code: ErrorCode, message: string, options: KnownErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.name = 'KnownError';
    this.code = code;
    this.hint = options.hint;
    this.details = options.details;
    this.exitCode = options.exitCode ?? 1;
    this.#range = options.range;
  }

  get range(): SourceRange | undefined {
    return this.#range;
  }

  /** Adds the place where it is known first; a place that is already there is nearer to the cause and stays. */
  at(range: SourceRange | undefined): this {
    this.#range ??= range;
    return this;
  }

  /** The text that `range` points into, for the code frame. */
  get source(): string | undefined {
    return this.#source;
  }

  /** Adds the text the range points into, unless it is known. */
  within(source: string): this {
    this.#source ??= source;
    return this;
  }
}

/** The code of a Node.js system error (`ENOENT`), or undefined for any other thrown value. */
export function systemErrorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
