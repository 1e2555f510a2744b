import { KnownError } from '../../diagnostics/known-error.ts';
import { stripControl } from '../../diagnostics/redact.ts';

export function archiveError(name: string, problem: string, hint?: string): KnownError {
  return new KnownError('ARCHIVE_INVALID', `Cannot read images from ${stripControl(name)}: ${stripControl(problem)}.`, {
    hint,
  });
}
