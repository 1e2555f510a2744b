/**
 * Mounts where nothing may be mounted: what would be mounted is copied to its place before the process starts and
 * taken away when it has ended; what was there steps aside meanwhile. What surprises: changes to a writable bind reach
 * its source only at the end.
 */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  linkSync,
  lstatSync,
  mkdirSync,
  realpathSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { FileTree } from '../context/file-tree.ts';
import { KnownError, systemErrorCode } from '../diagnostics/known-error.ts';
import { stripControl } from '../diagnostics/redact.ts';
import { LayeredView } from '../rootfs/layered-view.ts';
import { materialize } from '../rootfs/materialize.ts';
import { removeTree } from '../rootfs/remove-tree.ts';
import { setMtime } from '../system/mtime.ts';
import { makeNode } from '../system/node.ts';
import { mirrorDirectory } from './mirror-directory.ts';
import { isEtcFile, type PreparedBind, type PreparedMount, type PreparedTmpfs, TMPFS_MODE } from './prepared-mount.ts';
import { DEVICE_LINKS, DEVICE_NAMES } from './protected-paths.ts';
import { isRealDirectory } from './real-directory.ts';

/** Device numbers of Linux (admin-guide/devices.txt). */
const DEVICE_NUMBERS: Readonly<Record<string, readonly [major: number, minor: number]>> = {
  null: [1, 3],
  zero: [1, 5],
  full: [1, 7],
  random: [1, 8],
  urandom: [1, 9],
  tty: [5, 0],
};

export class EmulatedMounts {
  readonly #root: string;
  readonly #aside: string;
  readonly #undo: (() => void)[] = [];
  readonly warnings: string[] = [];

  /** `root` is the root's directory, `aside` an empty one on the same filesystem. */
  constructor(root: string, aside: string) {
    this.#root = root;
    this.#aside = aside;
  }

  /** @throws KnownError SANDBOX_MOUNT_FAILED for what cannot be had without mounting. */
  place(mount: PreparedMount): void {
    const target = this.#root + mount.target;
    mkdirSync(dirname(target), { recursive: true });
    this.#standIn(target, () => {
      if (mount.type === 'bind') this.#placeBind(mount, target);
      else this.#placeTmpfs(mount, target);
    });
  }

  /** /dev with the usual devices. `shmSizeBytes` is what somebody asked for. */
  placeDevices(shmSizeBytes?: number): void {
    const dev = `${this.#root}/dev`;
    this.#standIn(dev, () => {
      mkdirSync(dev);
      for (const name of DEVICE_NAMES) this.#makeDevice(join(dev, name), name);
      for (const [name, target] of DEVICE_LINKS.filter(([link]) => link !== 'ptmx'))
        symlinkSync(target, join(dev, name));
      mkdirSync(join(dev, 'shm'));
      chmodSync(join(dev, 'shm'), TMPFS_MODE);
      if (shmSizeBytes !== undefined) this.#warn('the size of /dev/shm is not limited');
    });
  }

  /**
   * Carries changes of writable binds back and restores what was there. To be called once, when nothing runs any more.
   * @throws KnownError SANDBOX_MOUNT_FAILED when the process moved a stand-in's folder; the root is to be discarded then.
   */
  takeAway(): void {
    for (const undo of this.#undo.reverse()) undo();
  }

  /** Moves what is there out of the way, and back when its stand-in is no longer needed. */
  #standIn(target: string, place: () => void): void {
    const parent = realpathSync.native(dirname(target));
    const before = mtimeOf(parent);
    const hidden = lstatSync(target, { throwIfNoEntry: false })
      ? join(this.#aside, `${this.#undo.length}-${basename(target)}`)
      : undefined;
    if (hidden !== undefined) renameSync(target, hidden);
    this.#undo.push(() => {
      this.#requireInPlace(parent);
      const now = mtimeOf(parent);
      removeTree(target);
      if (hidden !== undefined) renameSync(hidden, target);
      setMtime(parent, now);
    });
    place();
    setMtime(parent, before);
  }

  /** A link in a folder's place may lead to anywhere on this machine, and nothing must be removed there. */
  #requireInPlace(folder: string): void {
    if (isRealDirectory(folder)) return;
    const path = stripControl(folder.slice(realpathSync.native(this.#root).length));
    throw new KnownError('SANDBOX_MOUNT_FAILED', `The step moved ${path}, in which something was mounted.`, {
      hint: 'Leave the folders of mounts where they are, or use --isolation=oci or --isolation=namespaces.',
    });
  }

  #placeTmpfs({ target: path, mode, sizeBytes }: PreparedTmpfs, target: string): void {
    mkdirSync(target);
    chmodSync(target, mode ?? TMPFS_MODE);
    if (sizeBytes !== undefined) this.#warn(`the size of the tmpfs at ${path} is not limited`);
  }

  #placeBind(mount: PreparedBind, target: string): void {
    const { layers, within } = mount.content;
    if (mount.view) copyView(layers, within, target);
    else if (mount.pointType === 'directory') copyByCommand(`${mount.source}/.`, target, mkdirSync);
    else if (statSync(mount.source).isFile()) copyByCommand(mount.source, target);
    else linkSpecial(mount, target);
    if (!mount.readOnly && !mount.view) this.#undo.push(() => carryBack(target, mount));
    if (mount.readOnly && !isEtcFile(mount.target))
      this.#warn('read-only mounts are copies: a write to one succeeds and is lost');
  }

  #makeDevice(path: string, name: string): void {
    const [major, minor] = DEVICE_NUMBERS[name] ?? [0, 0];
    try {
      makeNode(path, { type: 'char', mode: 0o666, major, minor });
    } catch (error) {
      if (!['EPERM', 'EACCES'].includes(systemErrorCode(error) ?? '')) throw error;
      if (name !== 'null') return;
      writeFileSync(path, '');
      chmodSync(path, 0o666);
      this.#warn('devices cannot be made here: /dev/null is a plain file, the others are missing');
    }
  }

  #warn(sentence: string): void {
    if (!this.warnings.includes(sentence)) this.warnings.push(sentence);
  }
}

function mtimeOf(path: string): bigint {
  return lstatSync(path, { bigint: true }).mtimeNs;
}

/** A file or a folder of a chain of layers. */
function copyView(layers: readonly string[], within: string, target: string): void {
  const view = new LayeredView(
    'a mount',
    layers.map((dir) => ({ dir, owners: new Map() })),
  );
  const folder = within.replace(/^\//, '');
  const entry = view.lstat(folder);
  if (entry?.type === 'directory') materialize(subtree(view, folder), target);
  else if (entry) copyByCommand(entry.hostPath, target);
}

/** The part of a tree below a folder, as a tree. */
function subtree(tree: FileTree, folder: string): FileTree {
  const full = (path: string): string => [folder, path].filter(Boolean).join('/');
  return {
    name: tree.name,
    lstat: (path) => {
      const entry = tree.lstat(full(path));
      return entry && { ...entry, path };
    },
    readdir: (path) => tree.readdir(full(path)),
    xattrs: (entry) => tree.xattrs({ ...entry, path: full(entry.path) }),
  };
}

/** With owners, times, links and xattrs, and sharing blocks where the filesystem can; Node.js' own copy keeps less. */
function copyByCommand(source: string, target: string, prepare?: (path: string) => void): void {
  prepare?.(target);
  const flags = prepare ? ['-a'] : ['-aL'];
  const { status, stderr } = spawnSync('cp', [...flags, '--', source, target], { encoding: 'utf8' });
  if (status === 0) return;
  throw new KnownError(
    'SANDBOX_MOUNT_FAILED',
    `"${stripControl(source)}" cannot be copied into the root: ${stripControl(stderr.trim())}.`,
  );
}

/** A socket or a device cannot be copied, but it may have a second name. */
function linkSpecial({ source, target: path }: PreparedBind, target: string): void {
  try {
    linkSync(source, target);
  } catch (error) {
    throw new KnownError(
      'SANDBOX_MOUNT_FAILED',
      `"${stripControl(source)}" cannot be had at ${stripControl(path)} with --isolation=chroot.`,
      {
        hint: 'A socket must lie on the filesystem of the store; other kinds of isolation have no such limit.',
        cause: error,
      },
    );
  }
}

function carryBack(target: string, { source, pointType }: PreparedBind): void {
  const left = isRealDirectory(dirname(target)) ? lstatSync(target, { throwIfNoEntry: false }) : undefined;
  if (pointType === 'directory') {
    // What the process put in the place of the directory itself (a link to anywhere) is not the mount's content.
    if (left?.isDirectory()) mirrorDirectory(target, source);
    // The file itself is kept: it may have other names, and its folder may be closed to this user.
  } else if (left?.isFile() && statSync(source).isFile()) copyFileSync(target, source);
}
