import { KnownError } from '../../diagnostics/known-error.ts';
import { stripControl } from '../../diagnostics/redact.ts';

/** What is being read, for messages and for the code of errors. */
export interface TarSubject {
  /** `the archive` if not told; something like `layer sha256:…`. */
  readonly name?: string;
  /** LAYER_CORRUPT for layers; ARCHIVE_INVALID, the default, for archives that a user names. */
  readonly errorCode?: 'ARCHIVE_INVALID' | 'LAYER_CORRUPT';
}

export function tarError(subject: TarSubject, problem: string): KnownError {
  const { name = 'the archive', errorCode = 'ARCHIVE_INVALID' } = subject;
  return new KnownError(errorCode, `Cannot read ${stripControl(name)}: ${stripControl(problem)}.`, {
    hint: 'The file is damaged, cut short or no tar archive; fetch or make it again.',
  });
}
