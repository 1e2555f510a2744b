/**
 * The cgroups that a runtime makes on its own account, and how to spare them: a step without limits needs none, but
 * runc insists on one for devices, and bookworm's crun refuses a machine on which both kinds are mounted.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemErrorCode } from '../diagnostics/known-error.ts';
import { isAlive, removeFolder } from './cgroup-limits.ts';
import type { OciRuntime } from './oci-runtime.ts';

const PARENT = 'slipway';
const DEVICES = '/sys/fs/cgroup/devices';

/** `linux.cgroupsPath` of a bundle; it names its owner so that what a killed one leaves can be told. */
export function cgroupsPath(id: string): string {
  return `/${PARENT}/${process.pid}-${id}`;
}

/** What a runtime had better not see of the machine's cgroups, in its own mount namespace. */
export interface HiddenCgroups {
  /** Mount points to take away. */
  readonly removed: readonly string[];
  /** Mount points to cover by an empty filesystem. */
  readonly covered: readonly string[];
}

export function hiddenCgroups({ kind }: OciRuntime, isMachineRoot: boolean): HiddenCgroups {
  const mounts = readFileSync('/proc/self/mounts', 'latin1')
    .split('\n')
    .map((line) => line.split(' '));
  const pathsOf = (wanted: string): string[] =>
    mounts.filter(([, , type]) => type === wanted).map(([, path = '']) => path);
  const hybrid = pathsOf('cgroup2').filter((path) => path !== '/sys/fs/cgroup');
  if (kind === 'crun') return { removed: [], covered: hybrid };
  const needless = [...hybrid, ...pathsOf('cgroup').filter((path) => path !== DEVICES)];
  // What came along into a user namespace cannot be taken away again; without privileges runc makes none there.
  return { removed: isMachineRoot ? needless : [], covered: [] };
}

/** Removes the cgroup of a run that ended without its runtime, and those whose owners were killed. */
export function removeDeadCgroups(): void {
  const parent = join(DEVICES, PARENT);
  for (const name of readNames(parent)) {
    const owner = Number(name.split('-', 1)[0]);
    if (owner === process.pid || !isAlive(owner)) removeFolder(join(parent, name));
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
