/**
 * Limits of memory, processors, processes and devices by cgroups of Slipway's own. A process enters them before it
 * becomes the container's; nobody else is touched. Where a limit that was asked for cannot be had, a sentence says so.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemErrorCode } from '../diagnostics/known-error.ts';
import type { ExecLimits } from './executor.ts';

export interface CgroupLimits {
  /** Folders whose `cgroup.procs` the process writes itself to. */
  readonly folders: readonly string[];
  /** Which limits have no effect, in sentences. */
  readonly warnings: readonly string[];
  /** Only docker's devices can be opened in them. */
  readonly guardsDevices: boolean;
  /** To be called when the process has ended. */
  remove(): void;
}

export interface LimitOptions {
  readonly id: string;
  readonly limits: ExecLimits;
  /** Keep other devices than docker's away, where the first version of cgroups is mounted. */
  readonly guardDevices: boolean;
}

export const CPU_PERIOD_US = 100_000;
const NAME = /^slipway-(\d+)-/;

/** One limit, as each version of cgroups takes it. */
interface Setting {
  readonly option: string;
  readonly controller: 'memory' | 'cpu' | 'pids';
  readonly v1: Readonly<Record<string, string>>;
  readonly v2: Readonly<Record<string, string>>;
}

/** Only the second version of cgroups is mounted. */
export function isUnified(): boolean {
  return existsSync('/sys/fs/cgroup/cgroup.controllers');
}

/** Whether cgroups of the first version can keep devices away. */
export function hasDeviceHierarchy(): boolean {
  return cgroupMounts().some(isDeviceMount);
}

/** Without limits and devices to guard it makes nothing and costs nothing. */
export function makeCgroupLimits({ id, limits, guardDevices }: LimitOptions): CgroupLimits {
  const settings = settingsOf(limits);
  const made: string[] = [];
  const warnings: string[] = [];
  const name = `slipway-${process.pid}-${id}`;
  const mounts = settings.length === 0 && !guardDevices ? [] : cgroupMounts();
  const guardsDevices = guardDevices && applyDevices(mounts, name, made);
  for (const setting of settings) {
    const refused = applySetting(setting, mounts, name, made);
    if (refused) warnings.push(`${setting.option} has no effect: ${refused}`);
  }
  return {
    folders: made,
    warnings,
    guardsDevices,
    remove: () => {
      for (const folder of made) removeFolder(folder);
    },
  };
}

/** Every node may be made; these may be opened: null, zero, full, random, urandom, tty, console, ptmx, terminals. */
const DEVICE_RULES = [
  'c *:* m',
  'b *:* m',
  ...['1:3', '1:5', '1:7', '1:8', '1:9', '5:0', '5:1', '5:2', '136:*'].map((numbers) => `c ${numbers} rwm`),
];

function applyDevices(mounts: readonly CgroupMount[], name: string, made: string[]): boolean {
  const mount = mounts.find(isDeviceMount);
  if (!mount) return false;
  try {
    const folder = v1Folder(mount, 'devices', name);
    made.push(folder);
    writeFileSync(join(folder, 'devices.deny'), 'a');
    for (const rule of DEVICE_RULES) writeFileSync(join(folder, 'devices.allow'), rule);
    return true;
  } catch (error) {
    if (['EACCES', 'EPERM', 'EROFS'].includes(systemErrorCode(error) ?? '')) return false;
    throw error;
  }
}

function isDeviceMount({ version, options }: CgroupMount): boolean {
  return version === 1 && options.includes('devices');
}

function settingsOf({ memoryBytes, cpus, pids }: ExecLimits): Setting[] {
  const settings: Setting[] = [];
  if (memoryBytes !== undefined) {
    const value = String(memoryBytes);
    settings.push({
      option: '--memory',
      controller: 'memory',
      v1: { 'memory.limit_in_bytes': value },
      v2: { 'memory.max': value },
    });
  }
  if (cpus !== undefined) {
    const quota = String(Math.round(cpus * CPU_PERIOD_US));
    settings.push({
      option: '--cpus',
      controller: 'cpu',
      v1: { 'cpu.cfs_period_us': String(CPU_PERIOD_US), 'cpu.cfs_quota_us': quota },
      v2: { 'cpu.max': `${quota} ${CPU_PERIOD_US}` },
    });
  }
  if (pids !== undefined) {
    const value = String(pids);
    settings.push({ option: '--pids-limit', controller: 'pids', v1: { 'pids.max': value }, v2: { 'pids.max': value } });
  }
  return settings;
}

export interface CgroupMount {
  readonly version: 1 | 2;
  readonly path: string;
  readonly options: readonly string[];
}

/** The hierarchies that are mounted, of both versions. */
export function cgroupMounts(): CgroupMount[] {
  return readFileSync('/proc/self/mounts', 'latin1')
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([, , type]) => type === 'cgroup' || type === 'cgroup2')
    .map(([, path = '', type, options = '']) => ({
      version: type === 'cgroup' ? 1 : 2,
      path,
      options: options.split(','),
    }));
}

/** Returns why it could not be applied. */
function applySetting(
  { controller, v1, v2 }: Setting,
  mounts: readonly CgroupMount[],
  name: string,
  made: string[],
): string | undefined {
  const mount =
    mounts.find(({ version, options }) => version === 1 && options.includes(controller)) ??
    mounts.find(({ version }) => version === 2);
  if (!mount) return 'this machine mounts no cgroups';
  try {
    const folder = mount.version === 1 ? v1Folder(mount, controller, name) : v2Folder(mount, controller, name);
    if (!made.includes(folder)) made.push(folder);
    for (const [file, value] of Object.entries(mount.version === 1 ? v1 : v2)) writeFileSync(join(folder, file), value);
    return undefined;
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === undefined) throw error;
    return ['EACCES', 'EPERM', 'EROFS'].includes(code)
      ? 'your user may not set limits (no cgroup is delegated to it)'
      : `its cgroup could not be made (${code})`;
  }
}

function v1Folder(mount: CgroupMount, controller: string, name: string): string {
  return makeFolder(
    join(
      mount.path,
      ownCgroup((controllers) => controllers.includes(controller)),
    ),
    name,
  );
}

/** Beside the own group, or below the topmost one: a group with processes may pass no controllers on. */
function v2Folder(mount: CgroupMount, controller: string, name: string): string {
  const own = ownCgroup((controllers) => controllers.length === 1 && controllers[0] === '');
  const parent = join(mount.path, own === '/' ? '' : join(own, '..'));
  const passedOn = readFileSync(join(parent, 'cgroup.subtree_control'), 'latin1').trim().split(' ');
  if (!passedOn.includes(controller)) writeFileSync(join(parent, 'cgroup.subtree_control'), `+${controller}`);
  return makeFolder(parent, name);
}

/** Path of this process's group in the hierarchy with the wanted controllers. */
function ownCgroup(isWanted: (controllers: readonly string[]) => boolean): string {
  for (const line of readFileSync('/proc/self/cgroup', 'latin1').trim().split('\n')) {
    const [, controllers = '', ...path] = line.split(':');
    if (isWanted(controllers.split(','))) return path.join(':');
  }
  return '/';
}

function makeFolder(parent: string, name: string): string {
  for (const other of readdirSync(parent)) {
    const owner = NAME.exec(other)?.[1];
    if (owner !== undefined && !isAlive(Number(owner))) removeFolder(join(parent, other));
  }
  const folder = join(parent, name);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** A group in use stays until its last process is gone; the next run removes it then. */
export function removeFolder(folder: string): void {
  try {
    rmdirSync(folder);
  } catch (error) {
    if (!['EBUSY', 'ENOTEMPTY', 'ENOENT'].includes(systemErrorCode(error) ?? '')) throw error;
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemErrorCode(error) === 'EPERM';
  }
}
