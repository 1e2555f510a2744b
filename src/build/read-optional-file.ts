import { readFileSync } from 'node:fs';
import { systemErrorCode } from '../diagnostics/known-error.ts';

/** The text of a file; undefined when there is none. */
export function readOptionalFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
