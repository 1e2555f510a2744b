/**
 * Who works with a store right now, so that prune takes nothing away under them: each command that adds or relies on content
 * writes a small file of its own, and a prune writes a marker. Both write first and look at the other afterwards, so
 * that one of them always sees the other. What surprises: a file of a killed process means nothing, and nobody has to
 * clean up; no lock is taken, because a cached build must not pay for one.
 */
import { randomBytes } from 'node:crypto';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { KnownError, systemErrorCode } from '../diagnostics/known-error.ts';

/** A command that works with the store. */
export interface StoreUser {
  readonly pid: number;
  readonly startedMs: number;
}

export interface Sweep extends Disposable {
  /** Those whose content must stay; others wait until the sweep has ended. */
  readonly users: readonly StoreUser[];
}

const SWEEPING = 'sweeping';
const PAUSE_MS = 20;
/** Processes of another pid namespace cannot be asked; their files count for a day. */
const FOREIGN_MS = 24 * 3600 * 1000;

/** Announces the use of a store until it is disposed of; waits for a sweep that is under way. */
export async function useStore(root: string, signal?: AbortSignal): Promise<Disposable> {
  const dir = join(root, 'use');
  mkdirSync(dir, { recursive: true });
  const path = join(dir, `${ownName()}.${randomBytes(4).toString('hex')}`);
  writeFileSync(path, '');
  const use = { [Symbol.dispose]: () => rmSync(path, { force: true }) };
  try {
    while (isAlive(readMarker(dir))) await sleep(PAUSE_MS, undefined, signal ? { signal } : {});
  } catch (error) {
    use[Symbol.dispose]();
    signal?.throwIfAborted();
    throw error;
  }
  return use;
}

/**
 * Begins to remove what nobody needs. Whoever wants to use the store from now on waits until it is disposed of.
 * @throws KnownError STORE_LOCKED when another prune is at work
 */
export function beginSweep(root: string): Sweep {
  const dir = join(root, 'use');
  mkdirSync(dir, { recursive: true });
  const marker = join(dir, SWEEPING);
  if (!isAlive(readMarker(dir))) rmSync(marker, { force: true });
  try {
    // A link is whole at once, and can be made on a full disk, where removing matters most.
    symlinkSync(ownName(), marker);
  } catch (error) {
    if (systemErrorCode(error) !== 'EEXIST') throw error;
    throw new KnownError('STORE_LOCKED', `Another prune is at work in ${root}.`, {
      hint: 'Try again when it has ended.',
    });
  }
  return { users: currentUsers(dir), [Symbol.dispose]: () => rmSync(marker, { force: true }) };
}

/** Those who work with the store right now. */
export function storeUsers(root: string): StoreUser[] {
  return currentUsers(join(root, 'use'));
}

function currentUsers(dir: string): StoreUser[] {
  return namesIn(dir).flatMap((name) => {
    if (name === SWEEPING) return [];
    const path = join(dir, name);
    const stats = statSync(path, { throwIfNoEntry: false });
    if (!stats) return [];
    const process = parseName(name);
    if (process && isAlive(process, stats.mtimeMs)) return [{ pid: process.pid, startedMs: stats.mtimeMs }];
    rmSync(path, { force: true });
    return [];
  });
}

interface ProcessName {
  /** Which pid namespace the pid is of. */
  readonly namespace: string;
  readonly pid: number;
  /** Ticks since boot, so that a number which was given out again is not mistaken. */
  readonly start: string;
}

function ownName(): string {
  return `${pidNamespace()}.${process.pid}.${startOf(process.pid) ?? ''}`;
}

function parseName(name: string): ProcessName | undefined {
  const [namespace = '', pid = '', start = ''] = name.split('.');
  return /^\d+$/.test(pid) ? { namespace, pid: Number(pid), start } : undefined;
}

function readMarker(dir: string): ProcessName | undefined {
  try {
    return parseName(readlinkSync(join(dir, SWEEPING)));
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function isAlive(process: ProcessName | undefined, sinceMs = Date.now()): boolean {
  if (!process) return false;
  if (process.namespace !== pidNamespace()) return Date.now() - sinceMs < FOREIGN_MS;
  return startOf(process.pid) === process.start;
}

function pidNamespace(): string {
  return readlinkSync('/proc/self/ns/pid').replace(/\D/g, '');
}

/** proc_pid_stat(5): what follows the command's name, which may hold anything, begins with the third field. */
function startOf(pid: number): string | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19];
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes(systemErrorCode(error) ?? '')) return undefined;
    throw error;
  }
}

function namesIn(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return [];
    throw error;
  }
}
