import { type BigIntStats, mkdirSync, statSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { KnownError, systemErrorCode } from '../diagnostics/known-error.ts';
import { stripControl } from '../diagnostics/redact.ts';
import type { RootMount } from '../rootfs/snapshot.ts';
import type { ExecMount } from './executor.ts';
import { LayeredRoot } from './layered-root.ts';

/** A mount into the root, ready to be made. Sources and targets are absolute; a target has no symlinks left. */
export type PreparedMount = PreparedBind | PreparedTmpfs;

interface Placed {
  readonly target: string;
  /** The target lies within another of these mounts, so its mount point can be made only when that one is there. */
  readonly nested: boolean;
}

export interface PreparedBind extends Placed {
  readonly type: 'bind';
  readonly source: string;
  readonly readOnly: boolean;
  readonly pointType: 'directory' | 'file';
  /** The source is an overlay of its own rather than something of this machine. */
  readonly view: boolean;
  /** The directories whose union appears at the target, when it is one; `within` is the folder of them that is shown. */
  readonly content: { readonly layers: readonly string[]; readonly within: string };
}

/** One of the files that every container gets from Slipway, read-only. */
export function isEtcFile(target: string): boolean {
  return target === '/etc/hosts' || target === '/etc/resolv.conf';
}

/** Of a tmpfs that hides nothing. */
export const TMPFS_MODE = 0o1777;

export interface PreparedTmpfs extends Placed {
  readonly type: 'tmpfs';
  readonly sizeBytes: number | undefined;
  /** undefined until it is placed: then that of the directory it hides. */
  readonly mode: number | undefined;
}

/**
 * An overlay, to be mounted with the sandbox's folder as working directory: its layers are named relative to it, since
 * all options together must fit into a page.
 */
export interface PreparedOverlay {
  /** Absolute. */
  readonly target: string;
  /** It is the root itself rather than the source of a mount in it. */
  readonly isRoot: boolean;
  readonly lowerNames: readonly string[];
  readonly upper: { readonly upperName: string; readonly workName: string } | undefined;
}

interface OverlayLayers {
  readonly lowerDirs: readonly string[];
  readonly upperDir?: string;
  readonly workDir?: string;
}

/** Overlayfs takes 500 lower directories, whose names must fit into a page together. */
const MOST_LOWER = 480;

/**
 * Names for the layers of an overlay in a folder, links where they are needed; `prefix` keeps those of several overlays apart. What is too many for one
 * overlay lies in a second one below it, which comes first; overlayfs stacks no higher.
 * @throws KnownError SANDBOX_MOUNT_FAILED when that is not enough.
 */
function prepareOverlays(dir: string, prefix: string, layers: OverlayLayers): readonly PreparedOverlay[] {
  const { lowerDirs } = layers;
  if (lowerDirs.length <= MOST_LOWER) return [prepareOverlay(dir, prefix, layers)];
  const top = lowerDirs.slice(0, MOST_LOWER - 1);
  const rest = lowerDirs.slice(top.length);
  if (rest.length > MOST_LOWER) throw tooManyLayers(lowerDirs.length);
  const below = prepareOverlay(dir, `${prefix}b`, { lowerDirs: rest });
  return [below, prepareOverlay(dir, prefix, { ...layers, lowerDirs: [...top, below.target] })];
}

function tooManyLayers(count: number): KnownError {
  return new KnownError(
    'SANDBOX_MOUNT_FAILED',
    `The root filesystem has ${count} layers; at most ${2 * MOST_LOWER - 1} can be mounted.`,
    { hint: 'Join RUN instructions with &&, or go on in a stage of its own: FROM scratch, COPY --from=STAGE / /.' },
  );
}

function prepareOverlay(dir: string, prefix: string, layers: OverlayLayers): PreparedOverlay {
  const isRoot = prefix === ROOT_PREFIX;
  const target = isRoot ? join(dir, ROOT_NAME) : join(dir, `${prefix}m`);
  if (!isRoot) mkdirSync(target);
  const shortName = shortNames(dir, layers);
  const nameOf = (name: string, path: string): string => {
    const short = shortName(path);
    if (short !== undefined) return short;
    symlinkSync(path, join(dir, prefix + name));
    return prefix + name;
  };
  const lowerNames = layers.lowerDirs.map((path, index) => nameOf(String(index), path));
  const { upperDir, workDir } = layers;
  const upper =
    upperDir === undefined || workDir === undefined
      ? undefined
      : { upperName: nameOf('u', upperDir), workName: nameOf('w', workDir) };
  // Without an upper directory overlayfs wants two lower ones, with one it still wants one.
  while (lowerNames.length < (upper ? 1 : 2)) {
    const name = `${prefix}e${lowerNames.length}`;
    mkdirSync(join(dir, name));
    lowerNames.push(name);
  }
  return { target, isRoot, lowerNames, upper };
}

/** Of all names of an overlay: half a page leaves room for the other options. */
const MOST_NAME_BYTES = 2048;
/** Nothing that overlayfs, fstab or a shell would read as more than a name. */
const PLAIN_PATH = /^(\.?[A-Za-z0-9_-][A-Za-z0-9._-]*(\/|$))+$/;

/**
 * Layers beside the snapshot that the sandbox's folder lies in are named from there, which spares making and removing
 * a link for each; undefined for any other path, and for all of them when they are too many.
 */
function shortNames(
  dir: string,
  { lowerDirs, upperDir, workDir }: OverlayLayers,
): (path: string) => string | undefined {
  const snapshots = `${dirname(dirname(dir))}/`;
  const shortName = (path: string): string | undefined => {
    const below = path.startsWith(snapshots) ? path.slice(snapshots.length) : '';
    return PLAIN_PATH.test(below) ? `../../${below}` : undefined;
  };
  const names = [...lowerDirs, upperDir ?? '', workDir ?? ''].map((path) => shortName(path) ?? '');
  const size = names.reduce((sum, name) => sum + name.length + 1, 0);
  return size <= MOST_NAME_BYTES ? shortName : () => undefined;
}

/** Where the root appears in a sandbox's folder. */
export const ROOT_NAME = 'root';
const ROOT_PREFIX = 'r';

/** In the order in which they are to be mounted. @throws KnownError SANDBOX_MOUNT_FAILED for too many layers. */
export function prepareRoot(root: Extract<RootMount, { kind: 'overlay' }>, dir: string): readonly PreparedOverlay[] {
  return prepareOverlays(dir, ROOT_PREFIX, root);
}

/**
 * What has to be mounted for one mount of a spec: the bind or tmpfs in the root, and the overlay that it shows.
 * @throws KnownError SANDBOX_MOUNT_FAILED when a source is not there, or has too many layers.
 */
export function prepareMount(
  mount: ExecMount,
  dir: string,
  prefix: string,
): { readonly mount: PreparedMount; readonly overlays: readonly PreparedOverlay[] } {
  const { target } = mount;
  switch (mount.type) {
    case 'tmpfs':
      return {
        mount: { type: 'tmpfs', target, sizeBytes: mount.sizeBytes, mode: mount.mode, nested: false },
        overlays: [],
      };
    case 'bind': {
      const { source, readOnly } = mount;
      const pointType = statOf(source, target).isDirectory() ? 'directory' : 'file';
      const content = { layers: [source], within: '' };
      const bind = { type: 'bind', source, target, readOnly, pointType, view: false, content, nested: false } as const;
      return { mount: bind, overlays: [] };
    }
    case 'layers':
    case 'scratch-bind': {
      const layers = mount.lowerDirs.length === 0 ? [emptyDir(dir)] : mount.lowerDirs;
      const { stat, path } = new LayeredRoot(layers).locate(mount.subpath);
      if (!stat) throw sourceMissing(mount.subpath, target);
      const overlays = prepareOverlays(dir, prefix, {
        lowerDirs: mount.lowerDirs,
        ...(mount.type === 'scratch-bind' && scratchDirs(dir, prefix)),
      });
      const pointType = stat.isDirectory() ? 'directory' : 'file';
      const readOnly = mount.type === 'layers';
      const source = (overlays.at(-1)?.target ?? '') + path;
      const content = { layers, within: path };
      return {
        mount: { type: 'bind', source, target, readOnly, pointType, view: true, content, nested: false },
        overlays,
      };
    }
  }
}

function emptyDir(dir: string): string {
  const path = join(dir, 'empty');
  mkdirSync(path, { recursive: true });
  return path;
}

function scratchDirs(dir: string, prefix: string): { upperDir: string; workDir: string } {
  const dirs = { upperDir: join(dir, `${prefix}upper`), workDir: join(dir, `${prefix}work`) };
  for (const path of Object.values(dirs)) mkdirSync(path);
  return dirs;
}

function statOf(source: string, target: string): BigIntStats {
  try {
    return statSync(source, { bigint: true });
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemErrorCode(error) ?? '')) throw sourceMissing(source, target);
    throw error;
  }
}

function sourceMissing(source: string, target: string): KnownError {
  return new KnownError(
    'SANDBOX_MOUNT_FAILED',
    `"${stripControl(source)}" cannot be mounted at ${stripControl(target)}: it does not exist.`,
  );
}

/** Mounted in every root, before anything that a spec asks for. */
export const KERNEL_TARGETS: readonly string[] = ['/dev', '/proc', '/sys'];

/** Shallow targets first, else in the given order, so that a mount never hides one that was made before it. */
export function orderMounts(mounts: readonly PreparedMount[]): PreparedMount[] {
  const depth = ({ target }: PreparedMount): number => target.split('/').filter(Boolean).length;
  const ordered: PreparedMount[] = [];
  for (const mount of [...mounts].sort((a, b) => depth(a) - depth(b))) ordered.push(placeNested(mount, ordered));
  return ordered;
}

/** Symlinks within an outer mount are followed inside of it, so that nothing is ever mounted outside of the root. */
function placeNested(mount: PreparedMount, earlier: readonly PreparedMount[]): PreparedMount {
  const outer = earlier.findLast(({ target }) => mount.target.startsWith(`${target}/`));
  if (!outer) return { ...mount, nested: KERNEL_TARGETS.some((target) => mount.target.startsWith(`${target}/`)) };
  if (outer.type === 'tmpfs' || outer.pointType === 'file') return { ...mount, nested: true };
  const { layers, within } = outer.content;
  const inside = new LayeredRoot(layers.map((layer) => layer + within)).locate(mount.target.slice(outer.target.length));
  return { ...mount, target: outer.target + inside.path, nested: true };
}
