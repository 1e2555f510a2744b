/**
 * The records of builds, under the store's `builds/`: `<id>/record.json` beside the logs of its steps. Old builds are
 * forgotten; of a project whose builds all were, the newest record stays as `projects/<project>.json`. Written by rename,
 * so that a reader sees a record whole; it must not know what a record is good for.
 */
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, readSync, renameSync, rmSync } from 'node:fs';
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
const HEAD_BYTES = 128;
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

  /** The last records of projects whose builds are forgotten. */
  *kept(): Generator<BuildRecord> {
    for (const name of namesIn(join(this.#root, PROJECTS))) {
      const record = readRecord(join(this.#root, PROJECTS, name));
      if (record) yield record;
    }
  }

  /** The newest record of a project. */
  latest(project: string): BuildRecord | undefined {
    const [newest] = this.#ofProject(project, this.ids());
    return newest ?? readRecord(this.#keptPath(project));
  }

  /** Earlier builds of a record's project, newest first. */
  *earlier({ id, project }: Pick<BuildRecord, 'id' | 'project'>): Generator<BuildRecord> {
    const older = this.ids().filter((candidate) => candidate < id);
    yield* this.#ofProject(project, older);
    const kept = readRecord(this.#keptPath(project));
    if (kept && kept.id < id && !older.includes(kept.id)) yield kept;
  }

  *#ofProject(project: string, ids: readonly string[]): Generator<BuildRecord> {
    for (const id of ids) {
      const record = projectAtHead(join(this.dir(id), RECORD)) === project ? this.read(id) : undefined;
      if (record) yield record;
    }
  }

  /** Returns the ids of builds that were forgotten to make room. */
  write(record: BuildRecord): readonly string[] {
    const dir = this.dir(record.id);
    mkdirSync(dir, { recursive: true });
    writeFileAtomic(join(dir, RECORD), JSON.stringify(record), { durable: false, mode: 0o600 });
    return this.#forgetOld();
  }

  #forgetOld(): readonly string[] {
    const ids = this.ids();
    if (ids.length <= MOST_BUILDS) return [];
    const old = ids.slice(KEPT_BUILDS);
    const alive = new Set(ids.slice(0, KEPT_BUILDS).map((id) => projectAtHead(join(this.dir(id), RECORD))));
    for (const id of old) {
      const path = join(this.dir(id), RECORD);
      const project = projectAtHead(path);
      if (project !== undefined && !alive.has(project)) this.#keep(path, project);
      alive.add(project);
      rmSync(this.dir(id), { recursive: true, force: true });
    }
    return old;
  }

  /** Somebody else may forget the same builds: then the record is where it should be. */
  #keep(path: string, project: string): void {
    mkdirSync(join(this.#root, PROJECTS), { recursive: true });
    try {
      renameSync(path, this.#keptPath(project));
    } catch (error) {
      if (systemErrorCode(error) !== 'ENOENT') throw error;
    }
  }

  #keptPath(project: string): string {
    return join(this.#root, PROJECTS, `${project}.json`);
  }
}

/** A record begins with its id and project, so that it need not be read to be passed over. */
function projectAtHead(path: string): string | undefined {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemErrorCode(error) ?? '')) return undefined;
    throw error;
  }
  try {
    const head = Buffer.alloc(HEAD_BYTES);
    const length = readSync(fd, head, 0, HEAD_BYTES, 0);
    return /^\{"version":1,"id":"[^"]*","project":"([0-9a-z]+)"/.exec(head.toString('latin1', 0, length))?.[1];
  } finally {
    closeSync(fd);
  }
}

/** A record that cannot be read, or is of another form, counts as none: it only ever explains. */
function readRecord(path: string): BuildRecord | undefined {
  try {
    const record = JSON.parse(readFileSync(path, 'utf8')) as BuildRecord | null;
    return record?.version === 1 && Array.isArray(record.steps) ? record : undefined;
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
