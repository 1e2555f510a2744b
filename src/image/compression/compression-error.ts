import { KnownError } from '../../diagnostics/known-error.ts';
import { stripControl } from '../../diagnostics/redact.ts';
import type { Compression } from './detect-compression.ts';

/** What is being decompressed, for messages and for the code of errors. */
export interface CompressedSubject {
  /** `the archive` if not told; something like `layer sha256:…`. */
  readonly name?: string;
  /** LAYER_CORRUPT for layers; ARCHIVE_INVALID, the default, for archives that a user names. */
  readonly errorCode?: 'ARCHIVE_INVALID' | 'LAYER_CORRUPT';
}

export function compressionError(subject: CompressedSubject, problem: string, cause?: unknown): KnownError {
  const { name = 'the archive', errorCode = 'ARCHIVE_INVALID' } = subject;
  return new KnownError(errorCode, `Cannot read ${stripControl(name)}: ${problem}.`, { cause });
}

export function damaged(subject: CompressedSubject, kind: Compression, cause?: unknown): KnownError {
  return compressionError(subject, `its ${kind} data is damaged or cut short`, cause);
}
