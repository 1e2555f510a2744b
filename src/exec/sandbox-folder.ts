/**
 * What an executor that mounts needs on disk before a process can start: a folder beside the snapshot's own, the files
 * of /etc that are mounted, short names for the layers of overlays, and mount points in the root. It mounts nothing
 * itself. What surprises: the folder vanishes with the active snapshot when this process is killed.
 */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { KnownError } from '../diagnostics/known-error.ts';
import { stripControl } from '../diagnostics/redact.ts';
import { hostsFile, resolvConf } from './etc-files.ts';
import type { ExecSpec } from './executor.ts';
import { LayeredRoot } from './layered-root.ts';
import { type MountPoint, makeMountStubs } from './mount-stubs.ts';
import {
  KERNEL_TARGETS,
  orderMounts,
  type PreparedMount,
  type PreparedOverlay,
  prepareMount,
  prepareRoot,
  ROOT_NAME,
  TMPFS_MODE,
} from './prepared-mount.ts';
import { DEVICE_LINKS } from './protected-paths.ts';

export interface SandboxFolder {
  readonly dir: string;
  /** The mount point of the root, in `dir`. */
  readonly rootDir: string;
  /** The working directory in the root, without symlinks; made when it was missing. */
  readonly cwd: string;
  readonly overlays: readonly PreparedOverlay[];
  /** In the order in which they are to be mounted, /etc/hosts and /etc/resolv.conf included. */
  readonly mounts: readonly PreparedMount[];
  /** Takes stubs and the folder away; nothing may be mounted any more. */
  remove(): void;
}

/** @throws KnownError SANDBOX_MOUNT_FAILED for a mount whose source is not there. */
export function makeSandboxFolder(spec: ExecSpec): SandboxFolder {
  const { root } = spec;
  const dir = mkdtempSync(join(dirname(root.kind === 'overlay' ? root.workDir : root.path), '.exec-'));
  try {
    return fillFolder(spec, dir);
  } catch (error) {
    rmSync(dir, { recursive: true, force: true });
    throw error;
  }
}

function fillFolder(spec: ExecSpec, dir: string): SandboxFolder {
  const { root } = spec;
  const rootDir = join(dir, ROOT_NAME);
  mkdirSync(rootDir);
  const overlays = root.kind === 'overlay' ? [...prepareRoot(root, dir)] : [];
  const layered = LayeredRoot.of(root);
  for (const path of KERNEL_TARGETS) requirePlain(path, layered);
  const mounts: PreparedMount[] = etcMounts(spec, dir);
  for (const [index, mount] of spec.mounts.entries()) {
    const prepared = prepareMount(mount, dir, `${index}-`);
    mounts.push(prepared.mount);
    overlays.push(...prepared.overlays);
  }
  const ordered = orderMounts(mounts.map((mount) => place(mount, layered)));
  for (const { target } of ordered) refuseUnsafeTarget(target);
  const cwd = layered.locate(spec.cwd).path || '/';
  const removeStubs = makeMountStubs(root, [
    ...KERNEL_POINTS,
    ...ordered.filter(({ nested }) => !nested).map(pointOf),
    ...(isBelowMount(cwd, ordered) ? [] : [{ path: cwd, type: 'directory', keep: true, owner: spec.user } as const]),
  ]);
  return {
    dir,
    rootDir,
    cwd,
    overlays,
    mounts: ordered,
    remove: () => {
      removeStubs();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** These stay in the snapshot when the root has none: so does BuildKit leave them. */
const KERNEL_POINTS: readonly MountPoint[] = KERNEL_TARGETS.map((path) => ({
  path,
  type: 'directory',
  keep: true,
}));

/** Whether a path leads through a mount, so that the root's own files do not tell where it ends. */
export function isBelowMount(path: string, mounts: readonly PreparedMount[]): boolean {
  return [...KERNEL_TARGETS, ...mounts.map(({ target }) => target)].some((target) => path.startsWith(`${target}/`));
}

/**
 * The kernel's links in /proc, and those of /dev to them, lead out of a root that is not entered yet. Runtimes refuse them,
 * too.
 * @throws KnownError SANDBOX_MOUNT_FAILED.
 */
function refuseUnsafeTarget(target: string): void {
  const links = DEVICE_LINKS.map(([name]) => `/dev/${name}`);
  const unsafe = target.startsWith('/proc/') || links.some((link) => `${target}/`.startsWith(`${link}/`));
  if (!unsafe) return;
  throw new KnownError('SANDBOX_MOUNT_FAILED', `Nothing can be mounted at ${stripControl(target)}.`, {
    hint: 'Choose a target outside of /proc and of the links in /dev.',
  });
}

/**
 * A link there would be followed on this machine, before the root is entered. Runtimes refuse it, too.
 * @throws KnownError SANDBOX_MOUNT_FAILED.
 */
function requirePlain(path: string, layered: LayeredRoot): void {
  if (layered.locate(path).path === path) return;
  throw new KnownError(
    'SANDBOX_MOUNT_FAILED',
    `${path} of the root filesystem is a symlink, so nothing is mounted there.`,
    {
      hint: `Make ${path} a directory in the image, or leave it out.`,
    },
  );
}

/** Runtimes give a tmpfs the mode of the directory it is mounted on, so that one decides here, too. */
function place(mount: PreparedMount, layered: LayeredRoot): PreparedMount {
  const { path, stat } = layered.locate(mount.target);
  if (mount.type === 'bind') return { ...mount, target: path };
  const mode = mount.mode ?? (stat?.isDirectory() ? Number(stat.mode & 0o7777n) : TMPFS_MODE);
  return { ...mount, target: path, mode };
}

function pointOf(mount: PreparedMount): MountPoint {
  if (mount.type === 'bind') return { path: mount.target, type: mount.pointType };
  return { path: mount.target, type: 'directory', mode: mount.mode };
}

function etcMounts(spec: ExecSpec, dir: string): PreparedMount[] {
  const files = { hosts: hostsFile(spec), 'resolv.conf': resolvConf() };
  return Object.entries(files).map(([name, text]) => {
    const source = join(dir, name);
    writeFileSync(source, text);
    chmodSync(source, 0o644);
    const content = { layers: [source], within: '' };
    return {
      type: 'bind',
      source,
      target: `/etc/${name}`,
      readOnly: true,
      pointType: 'file',
      view: false,
      content,
      nested: false,
    };
  });
}
