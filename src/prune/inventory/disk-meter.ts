import { spawnSync } from 'node:child_process';
import { type Dirent, lstatSync, readdirSync, type Stats } from 'node:fs';
import { resolve } from 'node:path';
import { systemErrorCode } from '../../diagnostics/known-error.ts';

/** Others work in the same store, and an ordinary user may not read everything: that counts as nothing. */
const PASSED_OVER: readonly string[] = ['ENOENT', 'ENOTDIR', 'EACCES'];
/** A name that is no text is read as this, and cannot be asked for by it. */
const REPLACED = '\ufffd';

/**
 * Measures what is below folders on disk, in blocks as du(1) does. A file with several names counts once, where it is met
 * first; what was measured already counts as nothing when it is met again below another path.
 */
export class DiskMeter {
  readonly #files = new Set<string>();
  readonly #measured = new Set<string>();

  /** Bytes of everything at and below a path that was not measured before. */
  bytes(path: string): number {
    const absolute = resolve(path);
    if (this.#measured.has(absolute)) return 0;
    this.#measured.add(absolute);
    return this.#below(absolute);
  }

  /** Takes it that a folder was measured: what is remembered of it is as good. */
  skip(path: string): void {
    this.#measured.add(resolve(path));
  }

  #below(path: string): number {
    const stats = statOf(path);
    if (!stats) return 0;
    if (!stats.isDirectory()) return this.#isNew(stats) ? stats.blocks * 512 : 0;
    const entries = entriesOf(path);
    if (entries === undefined) return measureByCommand(path);
    let sum = stats.blocks * 512;
    for (const { name } of entries) {
      const child = `${path}/${name}`;
      if (!this.#measured.has(child)) sum += this.#below(child);
    }
    return sum;
  }

  #isNew({ nlink, dev, ino }: Stats): boolean {
    if (nlink === 1) return true;
    const identity = `${dev}:${ino}`;
    if (this.#files.has(identity)) return false;
    this.#files.add(identity);
    return true;
  }
}

function statOf(path: string): Stats | undefined {
  return ignorePassedOver(() => lstatSync(path, { throwIfNoEntry: false }));
}

/** undefined: a process in a container nested it deeper than a path may be long, or used names that are no text. */
function entriesOf(path: string): readonly Dirent[] | undefined {
  try {
    const entries = ignorePassedOver(() => readdirSync(path, { withFileTypes: true })) ?? [];
    const isLong = path.length + 256 > 4096;
    return isLong || entries.some(({ name }) => name.includes(REPLACED)) ? undefined : entries;
  } catch (error) {
    if (systemErrorCode(error) === 'ENAMETOOLONG') return undefined;
    throw error;
  }
}

/** du descends by relative names and keeps their bytes. */
function measureByCommand(path: string): number {
  const { stdout } = spawnSync('du', ['--summarize', '--block-size=1', '--', path], { encoding: 'utf8' });
  return Number.parseInt(stdout ?? '', 10) || 0;
}

function ignorePassedOver<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    if (PASSED_OVER.includes(systemErrorCode(error) ?? '')) return undefined;
    throw error;
  }
}
