import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { systemErrorCode } from '../diagnostics/known-error.ts';
import type { Digest } from '../image/digest.ts';
import { noteUse } from '../system/note-use.ts';
import { writeFileAtomic } from '../system/write-file-atomic.ts';

/** What a URL had when it was last asked, and where it is kept. */
export interface RememberedDownload {
  readonly etag: string | undefined;
  readonly digest: Digest;
  /** Last-Modified in milliseconds; 0 where the server did not say. */
  readonly modifiedMs: number;
  readonly snapshotId: string;
}

/** A URL, and what its file is called in the snapshot. */
export interface DownloadName {
  readonly url: string;
  readonly fileName: string;
}

/** Downloads by URL and file name, one small file each. The URL itself is not kept: it may hold a password. */
export class DownloadMemo {
  readonly #dir: string;

  /** `dir` is the store's `cache/`. */
  constructor(dir: string) {
    this.#dir = join(dir, 'downloads');
  }

  get(source: DownloadName): RememberedDownload | undefined {
    try {
      const path = this.#path(source);
      noteUse(path);
      return JSON.parse(readFileSync(path, 'utf8'));
    } catch (error) {
      // Damaged or not there: it is downloaded again.
      if (systemErrorCode(error) === 'ENOENT' || error instanceof SyntaxError) return undefined;
      throw error;
    }
  }

  set(source: DownloadName, download: RememberedDownload): void {
    const path = this.#path(source);
    mkdirSync(dirname(path), { recursive: true });
    writeFileAtomic(path, JSON.stringify(download), { durable: false });
  }

  #path({ url, fileName }: DownloadName): string {
    const hex = createHash('sha256')
      .update(JSON.stringify([url, fileName]))
      .digest('hex');
    return join(this.#dir, `${hex}.json`);
  }
}
