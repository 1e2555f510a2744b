import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { KnownError, systemErrorCode } from '../diagnostics/known-error.ts';
import type { Digest } from '../image/digest.ts';
import { acquireLock, type HeldLock, tryLock } from '../system/lock.ts';
import { writeFileAtomic } from '../system/write-file-atomic.ts';

/** A running container, as the store knows it. */
export interface ContainerRecord {
  /** 64 hex digits. */
  readonly id: string;
  readonly name: string;
  readonly image: Digest;
  readonly startedMs: number;
  /** Of the process that keeps the container. */
  readonly pid: number;
}

export interface HeldContainer extends Disposable {
  readonly record: ContainerRecord;
}

const NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/;

/**
 * Enters a container into the store's `containers/` for as long as it runs: one folder a container, with a lock that the
 * kernel frees however its keeper ends. What a killed keeper left is removed by whoever looks next.
 * @throws KnownError CONTAINER_NAME_IN_USE, USAGE for a name docker would refuse.
 */
export async function holdContainer(root: string, image: Digest, name: string | undefined): Promise<HeldContainer> {
  if (name !== undefined && !NAME.test(name)) throw badName(name);
  const dir = join(root, 'containers');
  mkdirSync(dir, { recursive: true });
  // Held while names are compared and the own one appears.
  await using _entering = await acquireLock(join(dir, '.entering'));
  const running = runningContainers(root);
  if (name !== undefined && running.some((other) => other.name === name)) throw nameInUse(name);
  const id = randomBytes(32).toString('hex');
  const record = { id, name: name ?? id.slice(0, 12), image, startedMs: Date.now(), pid: process.pid };
  const lock = makeFolder(dir, record);
  return { record, [Symbol.dispose]: () => forget(join(dir, id), lock) };
}

/** Appears with its lock held, so that nobody takes it for a leftover. */
function makeFolder(dir: string, record: ContainerRecord): HeldLock {
  const making = join(dir, `.new-${record.id}`);
  mkdirSync(making);
  const lock = tryLock(join(making, 'lock'));
  if (!lock) throw new Error(`the new container ${record.id} is locked`);
  writeFileAtomic(join(making, 'container.json'), JSON.stringify(record), { durable: false });
  renameSync(making, join(dir, record.id));
  return lock;
}

/** The containers that run now; leftovers of killed ones are removed on the way. */
export function runningContainers(root: string): ContainerRecord[] {
  return namesIn(join(root, 'containers')).flatMap((id) => {
    if (id.startsWith('.')) return [];
    const folder = join(root, 'containers', id);
    const lock = lockIfThere(folder);
    if (lock) {
      forget(folder, lock);
      return [];
    }
    return readRecord(folder) ?? [];
  });
}

function lockIfThere(folder: string): HeldLock | undefined {
  try {
    return tryLock(join(folder, 'lock'));
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function readRecord(folder: string): ContainerRecord | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, 'container.json'), 'utf8'));
  } catch (error) {
    // Just beginning or just ending.
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function forget(folder: string, lock: HeldLock): void {
  rmSync(folder, { recursive: true, force: true });
  lock[Symbol.dispose]();
}

function namesIn(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

function badName(name: string): KnownError {
  return new KnownError('USAGE', `${JSON.stringify(name)} is no container name.`, {
    hint: 'Letters, digits, "_", "." and "-" are allowed, two at least, a letter or digit first.',
    exitCode: 125,
  });
}

function nameInUse(name: string): KnownError {
  return new KnownError('CONTAINER_NAME_IN_USE', `A container named "${name}" is running.`, {
    hint: 'Choose another name, or stop that one.',
    exitCode: 125,
  });
}
