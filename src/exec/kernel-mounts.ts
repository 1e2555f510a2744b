import { chmodSync, existsSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExecSpec } from './executor.ts';
import type { MountLine } from './mount-table.ts';
import {
  DEFAULT_SHM_BYTES,
  DEVICE_FOLDERS,
  DEVICE_LINKS,
  DEVICE_NAMES,
  MASKED_PATHS,
  READONLY_PATHS,
} from './protected-paths.ts';

export interface KernelMountOptions {
  readonly spec: ExecSpec;
  /** The sandbox's folder; /dev is prepared in it. */
  readonly dir: string;
  readonly rootDir: string;
  readonly inUserNamespace: boolean;
  /** Group 5, to which terminals belong, has a meaning here. */
  readonly mapsTtyGroup: boolean;
}

/** A prepared folder as /dev. */
export function devFolderMount(options: KernelMountOptions): MountLine {
  const { spec, rootDir } = options;
  const flags = ['bind', 'nosuid', ...noDevices(spec)];
  return { source: makeDevFolder(options), target: `${rootDir}/dev`, type: 'none', options: flags };
}

/** What is mounted in /dev, and /sys: what can be mounted before there is a process namespace. */
export function deviceMounts(options: KernelMountOptions): MountLine[] {
  const { spec, rootDir, inUserNamespace } = options;
  const at = (path: string): string => rootDir + path;
  const size = `size=${spec.shmSizeBytes ?? DEFAULT_SHM_BYTES}`;
  const safe = ['nosuid', 'nodev', 'noexec'];
  const group = options.mapsTtyGroup ? ['gid=5'] : [];
  return [
    ...DEVICE_NAMES.map((name) => bind(`/dev/${name}`, at(`/dev/${name}`))),
    {
      source: 'devpts',
      target: at('/dev/pts'),
      type: 'devpts',
      options: ['newinstance', 'ptmxmode=0666', 'mode=0620', ...group, 'nosuid', 'noexec'],
    },
    { source: 'shm', target: at('/dev/shm'), type: 'tmpfs', options: ['mode=1777', size, ...safe] },
    { source: 'mqueue', target: at('/dev/mqueue'), type: 'mqueue', options: safe },
    inUserNamespace && spec.network === 'host'
      ? // A new sysfs belongs to a network namespace, and the machine's own is not this user's.
        { source: '/sys', target: at('/sys'), type: 'none', options: ['rbind', 'ro', ...safe] }
      : { source: 'sysfs', target: at('/sys'), type: 'sysfs', options: ['ro', ...safe] },
  ];
}

/** /proc, and what is hidden or protected in it and in /sys. */
export function procMounts({ spec, rootDir }: KernelMountOptions): MountLine[] {
  const at = (path: string): string => rootDir + path;
  const proc = { source: 'proc', target: at('/proc'), type: 'proc', options: ['nosuid', 'nodev', 'noexec'] };
  if (spec.security === 'insecure') return [proc];
  return [
    proc,
    ...READONLY_PATHS.filter((path) => existsSync(path)).map((path) =>
      bind(at(path), at(path), ['ro', 'nosuid', 'nodev', 'noexec']),
    ),
    ...MASKED_PATHS.filter((path) => existsSync(path)).map((path) => mask(path, at(path))),
  ];
}

function mask(path: string, target: string): MountLine {
  if (!statSync(path).isDirectory()) return bind('/dev/null', target);
  return { source: 'tmpfs', target, type: 'tmpfs', options: ['ro', 'size=4k', 'nr_inodes=1'] };
}

function bind(source: string, target: string, options: readonly string[] = []): MountLine {
  return { source, target, type: 'none', options: ['bind', ...options] };
}

function noDevices(spec: ExecSpec): string[] {
  return spec.security === 'insecure' ? [] : ['nodev'];
}

/** The tree that is mounted at /dev: empty files to bind the machine's devices to. */
function makeDevFolder({ dir }: KernelMountOptions): string {
  const dev = join(dir, 'dev');
  mkdirSync(dev);
  chmodSync(dev, 0o755);
  for (const name of DEVICE_NAMES) writeFileSync(join(dev, name), '');
  for (const [name, target] of DEVICE_LINKS) symlinkSync(target, join(dev, name));
  for (const name of DEVICE_FOLDERS) mkdirSync(join(dev, name));
  return dev;
}
