import { chmodSync, existsSync, realpathSync, statSync } from 'node:fs';
import { writeFileAtomic } from '../../system/write-file-atomic.ts';
import type { FileChange } from '../lint-files.ts';

/** Writes what fixes changed, each file whole or not at all; links are followed, permissions stay. */
export function writeChanges(changes: readonly FileChange[]): void {
  for (const { path, after } of changes) {
    const target = existsSync(path) ? realpathSync(path) : path;
    const mode = statSync(target, { throwIfNoEntry: false })?.mode;
    writeFileAtomic(target, after);
    if (mode !== undefined) chmodSync(target, mode & 0o777);
  }
}
