/**
 * The cgroups that a runtime makes on its own account, and how to spare them: a step without limits needs none, but
 * runc insists on one for devices, and bookworm's crun refuses a machine on which both kinds are mounted.
 */
import { readdirSync, readFileSync, rmdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { systemErrorCode } from '../diagnostics/known-error.ts';
import type { OciRuntime } from './oci-runtime.ts';

const PARENT = 'slipway';
const DEVICES = '/sys/fs/cgroup/devices';

/** `linux.cgroupsPath` of a bundle; it names its owner so that what a killed one leaves can be told. */
export function cgroupsPath(id: string): string {
  return `/${PARENT}/${process.pid}-${id}`;
}

/** Mount points of cgroups that a runtime had better not see. Only its own mount namespace loses them. */
export function hiddenCgroups({ kind }: OciRuntime): string[] {
  const mounts = readFileSync('/proc/self/mounts', 'latin1')
    .split('\n')
    .map((line) => line.split(' '));
  const hierarchies = mounts.filter(([, , type]) => type === 'cgroup').map(([, path = '']) => path);
  const hybrid = mounts
    .filter(([, path, type]) => type === 'cgroup2' && path !== '/sys/fs/cgroup')
    .map(([, path = '']) => path);
  if (kind === 'crun') return hybrid;
  return [...hybrid, ...hierarchies.filter((path) => basename(path) !== basename(DEVICES))];
}

/** Removes the cgroup of a run that ended without its runtime, and those whose owners were killed. */
export function removeDeadCgroups(): void {
  const parent = join(DEVICES, PARENT);
  for (const name of readNames(parent)) {
    const owner = Number(name.split('-', 1)[0]);
    if (owner === process.pid || !isAlive(owner)) removeGroup(join(parent, name));
  }
}

function removeGroup(path: string): void {
  try {
    rmdirSync(path);
  } catch (error) {
    // Another run of this process still uses it, or it went by itself.
    if (!['EBUSY', 'ENOTEMPTY', 'ENOENT'].includes(systemErrorCode(error) ?? '')) throw error;
  }
}

function readNames(dir: string): string[] {
  try {
    return readdirSync(dir).filter((name) => /^\d+-/.test(name));
  } catch (error) {
    if (['ENOENT', 'EACCES'].includes(systemErrorCode(error) ?? '')) return [];
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemErrorCode(error) === 'EPERM';
  }
}
