/**
 * The cgroups that a runtime makes on its own account, and how to spare them: a step without limits needs none, but
 * runc insists on one for devices, and bookworm's crun refuses a machine on which both kinds are mounted.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { systemErrorCode } from '../diagnostics/known-error.ts';
import { cgroupMounts, isAlive, removeFolder } from './cgroup-limits.ts';
import type { ExecLimits } from './executor.ts';
import type { OciRuntime } from './oci-runtime.ts';

const PARENT = 'slipway';

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

export interface HidingOptions {
  readonly runtime: OciRuntime;
  readonly isMachineRoot: boolean;
  /** Limits are set by the runtime, which needs their groups. */
  readonly limits: ExecLimits;
}

export function hiddenCgroups({ runtime, isMachineRoot, limits }: HidingOptions): HiddenCgroups {
  const mounts = cgroupMounts().filter(({ path }) => path !== '/sys/fs/cgroup');
  const second = mounts.filter(({ version }) => version === 2).map(({ path }) => path);
  if (runtime.kind === 'crun') return { removed: [], covered: second };
  const hasLimits = limits.memoryBytes !== undefined || limits.cpus !== undefined || limits.pids !== undefined;
  // What came along into a user namespace cannot be taken away again; without privileges runc makes no groups there.
  if (!isMachineRoot || hasLimits) return { removed: [], covered: [] };
  return { removed: mounts.filter(({ options }) => !options.includes('devices')).map(({ path }) => path), covered: [] };
}

/** Removes the groups of a run that ended without its runtime. */
export function removeCgroups(id: string): void {
  for (const { path } of cgroupMounts()) removeFolder(join(path, cgroupsPath(id)));
}

/** Removes the groups of runs whose owners were killed. */
export function removeDeadCgroups(): void {
  for (const parent of cgroupMounts().map(({ path }) => join(path, PARENT))) {
    for (const name of readNames(parent)) {
      if (!isAlive(Number(name.split('-', 1)[0]))) removeFolder(join(parent, name));
    }
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
