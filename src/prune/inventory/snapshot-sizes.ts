import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemErrorCode } from '../../diagnostics/known-error.ts';
import { writeFileAtomic } from '../../system/write-file-atomic.ts';

/** What snapshots take on disk, remembered by id: a committed snapshot does not change. */
export class SnapshotSizes {
  readonly #path: string;
  readonly #before: ReadonlyMap<string, number>;
  readonly #now = new Map<string, number>();

  /** `dir` is the store's `cache/`. */
  constructor(dir: string) {
    this.#path = join(dir, 'snapshot-sizes.json');
    this.#before = read(this.#path);
  }

  get(id: string): number | undefined {
    return this.#before.get(id);
  }

  set(id: string, bytes: number): void {
    this.#now.set(id, bytes);
  }

  /** Forgets what was not set since it was opened. Sizes that cannot be written are measured again. */
  save(): void {
    if (this.#now.size === this.#before.size && [...this.#now].every(([id, size]) => this.#before.get(id) === size))
      return;
    try {
      mkdirSync(join(this.#path, '..'), { recursive: true });
      writeFileAtomic(this.#path, JSON.stringify(Object.fromEntries(this.#now)), { durable: false });
    } catch (error) {
      if (systemErrorCode(error) === undefined) throw error;
    }
  }
}

function read(path: string): ReadonlyMap<string, number> {
  try {
    const sizes = Object.entries(JSON.parse(readFileSync(path, 'utf8')));
    return new Map(sizes.flatMap(([id, bytes]) => (typeof bytes === 'number' ? [[id, bytes]] : [])));
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT' || error instanceof SyntaxError) return new Map();
    throw error;
  }
}
