/**
 * The records of builds, under the store's `builds/`: `<id>/record.json` beside the logs of its steps, and
 * `projects/<project>.json`, the newest record of each project, which stays when its build is forgotten. Written by
 * rename, so that a reader sees a record whole; it must not know what a record is good for.
 */
import { linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { systemErrorCode } from '../../diagnostics/known-error.ts';
import { writeFileAtomic } from '../../system/write-file-atomic.ts';
import type { BuildRecord } from './build-record.ts';

/** Builds that stay when older ones are forgotten. */
const KEPT_BUILDS = 100;
/** Forgotten many at a time, so that few builds pay for it. */
const MOST_BUILDS = 150;
const PROJECTS = 'projects';
const RECORD = 'record.json';
const BUILD_ID = /^\d{8}T\d{9}Z-[0-9a-f]{4}$/;

export class BuildRecords {
  readonly #root: string;

  /** `root` is the store's `builds/`. Nothing is read or made before it is needed. */
  constructor(root: string) {
    this.#root = root;
  }

  /** Where a build's record and logs lie. */
  dir(id: string): string {
    return join(this.#root, id);
  }

  /** Newest first. Builds that are under way or were killed are among them. */
  ids(): readonly string[] {
    return namesIn(this.#root)
      .filter((name) => BUILD_ID.test(name))
      .sort()
      .reverse();
  }

  /** undefined when there is none that can be read. */
  read(id: string): BuildRecord | undefined {
    return readRecord(join(this.dir(id), RECORD));
  }

  /** Every record, newest first, read one at a time. */
  *records(): Generator<BuildRecord> {
    for (const id of this.ids()) {
      const record = this.read(id);
      if (record) yield record;
    }
  }

  /** The newest record of a project. */
  latest(project: string): BuildRecord | undefined {
    return readRecord(this.#latestPath(project));
  }

  /** Earlier builds of a record's project, newest first. */
  *earlier({ id, project }: Pick<BuildRecord, 'id' | 'project'>): Generator<BuildRecord> {
    for (const candidate of this.ids()) {
      const record = candidate < id ? this.read(candidate) : undefined;
      if (record?.project === project) yield record;
    }
  }

  /** Returns the ids of builds that were forgotten to make room. */
  write(record: BuildRecord): readonly string[] {
    const dir = this.dir(record.id);
    mkdirSync(dir, { recursive: true });
    writeFileAtomic(join(dir, RECORD), JSON.stringify(record), { durable: false, mode: 0o600 });
    this.#pointTo(record);
    return this.#forgetOld();
  }

  /** A second name for the newest record: it costs no second write, and outlives the first. */
  #pointTo({ id, project }: BuildRecord): void {
    mkdirSync(join(this.#root, PROJECTS), { recursive: true });
    const temporary = join(this.#root, PROJECTS, `.tmp-${id}`);
    linkSync(join(this.dir(id), RECORD), temporary);
    renameSync(temporary, this.#latestPath(project));
  }

  #forgetOld(): readonly string[] {
    const ids = this.ids();
    if (ids.length <= MOST_BUILDS) return [];
    const old = ids.slice(KEPT_BUILDS);
    for (const id of old) rmSync(this.dir(id), { recursive: true, force: true });
    return old;
  }

  #latestPath(project: string): string {
    return join(this.#root, PROJECTS, `${project}.json`);
  }
}

/** A record that cannot be read, or is of another form, counts as none: it only ever explains. */
function readRecord(path: string): BuildRecord | undefined {
  try {
    const record = JSON.parse(readFileSync(path, 'utf8')) as BuildRecord;
    return record.version === 1 && Array.isArray(record.steps) ? record : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || ['ENOENT', 'ENOTDIR'].includes(systemErrorCode(error) ?? '')) return undefined;
    throw error;
  }
}

function namesIn(dir: string): readonly string[] {
  try {
    return readdirSync(dir);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return [];
    throw error;
  }
}
