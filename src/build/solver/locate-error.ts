import { KnownError } from '../../diagnostics/known-error.ts';
import type { SourceRange } from '../../diagnostics/source-range.ts';

/** Gives a user's error the place of the instruction it happened in, unless it has one that is nearer. */
export function locateError(error: unknown, origin: SourceRange | undefined): unknown {
  return error instanceof KnownError ? error.at(origin) : error;
}
