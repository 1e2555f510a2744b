import { closeSync, mkdirSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Digest } from '../image/digest.ts';

/** Builds whose logs are kept. */
const KEPT_BUILDS = 50;

/**
 * The whole output of each step of one build, a file a step under the store's `builds/<id>/`. A build whose steps wrote
 * nothing leaves nothing.
 */
export class BuildLog implements Disposable {
  readonly #root: string;
  readonly #dir: string;
  readonly #files = new Map<Digest, { readonly fd: number; readonly path: string }>();

  /** `root` is the store's `builds/`; `id` sorts by time. */
  constructor(root: string, id: string) {
    this.#root = root;
    this.#dir = join(root, id);
  }

  append(vertex: Digest, chunk: Buffer): void {
    writeSync(this.#file(vertex).fd, chunk);
  }

  /** undefined while the step has written nothing. */
  path(vertex: Digest): string | undefined {
    return this.#files.get(vertex)?.path;
  }

  [Symbol.dispose](): void {
    for (const { fd } of this.#files.values()) closeSync(fd);
    if (this.#files.size > 0) this.#forgetOldBuilds();
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

  #forgetOldBuilds(): void {
    const builds = readdirSync(this.#root).sort();
    for (const id of builds.slice(0, Math.max(0, builds.length - KEPT_BUILDS))) {
      rmSync(join(this.#root, id), { recursive: true, force: true });
    }
  }
}

/** Sorts by time and is unique on a machine: `20261121T041732Z-4711`. */
export function buildId(now: Date, pid: number): string {
  return `${now.toISOString().replace(/[-:]|\.\d+/g, '')}-${pid}`;
}
