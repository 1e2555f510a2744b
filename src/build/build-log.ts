import { randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { basename, join } from 'node:path';
import { systemErrorCode } from '../diagnostics/known-error.ts';
import type { Digest } from '../image/digest.ts';

/** The whole output of each step of one build, a file a step under the store's `builds/<id>/`, beside the build's record. */
export class BuildLog implements Disposable {
  readonly #dir: string;
  readonly #files = new Map<Digest, { readonly fd: number; readonly path: string }>();

  /** `root` is the store's `builds/`; `id` sorts by time. */
  constructor(root: string, id: string) {
    this.#dir = join(root, id);
  }

  /** On a full disk the rest of the output is missing: what a step writes then fails by itself. */
  append(vertex: Digest, chunk: Buffer): void {
    try {
      writeSync(this.#file(vertex).fd, chunk);
    } catch (error) {
      if (!['ENOSPC', 'EDQUOT'].includes(systemErrorCode(error) ?? '')) throw error;
    }
  }

  /** undefined while the step has written nothing. */
  path(vertex: Digest): string | undefined {
    return this.#files.get(vertex)?.path;
  }

  /** The file's name, as a record keeps it. */
  name(vertex: Digest): string | undefined {
    const path = this.path(vertex);
    return path === undefined ? undefined : basename(path);
  }

  [Symbol.dispose](): void {
    for (const { fd } of this.#files.values()) closeSync(fd);
  }

  #file(vertex: Digest): { readonly fd: number; readonly path: string } {
    const known = this.#files.get(vertex);
    if (known) return known;
    mkdirSync(this.#dir, { recursive: true });
    const path = join(this.#dir, `step-${this.#files.size + 1}.log`);
    const file = { fd: openSync(path, 'w', 0o600), path };
    this.#files.set(vertex, file);
    return file;
  }
}

/** Sorts by time and is unique on a machine: `20261121T041732123Z-9f3a`. */
export function buildId(now: Date): string {
  return `${now.toISOString().replace(/[-:.]/g, '')}-${randomBytes(2).toString('hex')}`;
}
