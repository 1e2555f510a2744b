import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemErrorCode } from '../../diagnostics/known-error.ts';
import { type Digest, isDigest } from '../../image/digest.ts';
import { noteUse } from '../../system/note-use.ts';
import { writeFileAtomic } from '../../system/write-file-atomic.ts';

/** Digests of selected files of snapshots, remembered: a snapshot never changes, so neither does what is selected from it. */
export class SelectionMemo {
  readonly #dir: string;

  /** `dir` is the store's `cache/`. */
  constructor(dir: string) {
    this.#dir = join(dir, 'selections');
  }

  /** `identity` names the snapshot and all that decides the selection. */
  get(identity: string): Digest | undefined {
    try {
      const path = this.#path(identity);
      const text = readFileSync(path, 'utf8');
      noteUse(path);
      return isDigest(text) ? text : undefined;
    } catch (error) {
      if (systemErrorCode(error) === 'ENOENT') return undefined;
      throw error;
    }
  }

  set(identity: string, digest: Digest): void {
    const path = this.#path(identity);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileAtomic(path, digest, { durable: false });
  }

  #path(identity: string): string {
    const hex = createHash('sha256').update(identity).digest('hex');
    return join(this.#dir, hex.slice(0, 2), hex);
  }
}
