import { chmodSync, chownSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface PrivateFile {
  readonly content: string | Uint8Array;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/**
 * A file that a step sees through a mount. It lies in memory where the machine has a place for that, in a folder only
 * this user enters, so that secrets do not reach a disk. The caller calls `remove`.
 */
export function createPrivateFile({ content, mode, uid, gid }: PrivateFile): { readonly path: string; remove(): void } {
  const dir = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'slipway-'));
  const path = join(dir, 'file');
  writeFileSync(path, content, { mode: 0o600 });
  chownSync(path, uid, gid);
  chmodSync(path, mode);
  return { path, remove: () => rmSync(dir, { recursive: true, force: true }) };
}
