import { createHash } from 'node:crypto';
import { closeSync, readSync } from 'node:fs';
import type { FileEntry, FileTree } from '../context/file-tree.ts';
import { openEntry } from '../context/open-entry.ts';
import { openLayeredView } from '../rootfs/layered-view.ts';
import type { Snapshot } from '../rootfs/snapshot.ts';

export interface FileDifference {
  /** Absolute. */
  readonly path: string;
  /** `missing` from the second, `added` by it, else what of the file differs. */
  readonly what:
    | 'missing'
    | 'added'
    | 'type'
    | 'mode'
    | 'owner'
    | 'size'
    | 'content'
    | 'target'
    | 'device'
    | 'xattrs'
    | 'time';
  readonly before: string;
  readonly after: string;
}

export interface ComparedLayer {
  /** The layer and those below it, which are equal in both. */
  readonly snapshot: Snapshot;
  readonly epochSeconds: number | undefined;
}

/** Of more nobody reads. */
const MAX_DIFFERENCES = 5;

/** The first files in which two layers on equal ones differ, by path. */
export function layerDifferences(before: ComparedLayer, after: ComparedLayer): readonly FileDifference[] {
  const differences: FileDifference[] = [];
  for (const difference of compareDirectories('', side(before), side(after))) {
    differences.push(difference);
    if (differences.length === MAX_DIFFERENCES) break;
  }
  return differences;
}

interface Side {
  readonly tree: FileTree;
  readonly diffDir: string;
  readonly epochNs: bigint | undefined;
}

function side({ snapshot, epochSeconds }: ComparedLayer): Side {
  const epochNs = epochSeconds === undefined ? undefined : BigInt(epochSeconds) * 1_000_000_000n;
  return { tree: openLayeredView(snapshot, 'the layer'), diffDir: `${snapshot.diffDir}/`, epochNs };
}

function* compareDirectories(directory: string, before: Side, after: Side): Generator<FileDifference> {
  const names = new Set([...before.tree.readdir(directory), ...after.tree.readdir(directory)]);
  for (const name of [...names].sort()) {
    const path = directory === '' ? name : `${directory}/${name}`;
    const [one, other] = [before.tree.lstat(path), after.tree.lstat(path)];
    const shown = `/${path}`;
    if (!other) yield { path: shown, what: 'missing', before: one?.type ?? '', after: '' };
    else if (!one) yield { path: shown, what: 'added', before: '', after: other.type };
    else {
      const difference = compareEntries({ entry: one, side: before }, { entry: other, side: after });
      if (difference) yield { path: shown, ...difference };
      if (one.type === 'directory' && other.type === 'directory') yield* compareDirectories(path, before, after);
    }
  }
}

interface SidedEntry {
  readonly entry: FileEntry;
  readonly side: Side;
}

function compareEntries(one: SidedEntry, other: SidedEntry): Omit<FileDifference, 'path'> | undefined {
  // What comes from the layers below is equal.
  if (!isOfLayer(one) && !isOfLayer(other)) return undefined;
  for (const [what, read] of COMPARED) {
    const [before, after] = [read(one), read(other)];
    if (before !== after) return { what, before, after };
  }
  return undefined;
}

function isOfLayer({ entry, side: { diffDir } }: SidedEntry): boolean {
  return entry.hostPath.startsWith(diffDir);
}

const COMPARED: readonly (readonly [FileDifference['what'], (file: SidedEntry) => string])[] = [
  ['type', ({ entry }) => entry.type],
  ['mode', ({ entry }) => entry.mode.toString(8).padStart(4, '0')],
  ['owner', ({ entry }) => `${entry.uid}:${entry.gid}`],
  ['size', ({ entry }) => String(entry.size)],
  ['target', ({ entry }) => entry.linkTarget ?? ''],
  ['device', ({ entry: { rdev } }) => (rdev ? `${rdev.major}:${rdev.minor}` : '')],
  ['content', ({ entry }) => (entry.type === 'file' ? contentHash(entry) : '')],
  ['xattrs', ({ entry, side: { tree } }) => xattrsOf(tree, entry)],
  [
    'time',
    ({ entry, side: { epochNs } }) =>
      isoTime(epochNs !== undefined && entry.mtimeNs > epochNs ? epochNs : entry.mtimeNs),
  ],
];

const BUFFER_BYTES = 1 << 20;

function contentHash(entry: FileEntry): string {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(Math.min(BUFFER_BYTES, Math.max(1, entry.size)));
  const fd = openEntry(entry);
  try {
    for (let read = readSync(fd, buffer); read > 0; read = readSync(fd, buffer)) hash.update(buffer.subarray(0, read));
  } finally {
    closeSync(fd);
  }
  return `sha256:${hash.digest('hex').slice(0, 12)}`;
}

function xattrsOf(tree: FileTree, entry: FileEntry): string {
  return [...tree.xattrs(entry)]
    .map(([name, value]) => `${name}=${value.toString('hex')}`)
    .sort()
    .join(' ');
}

/** Layers have no fractions of seconds. */
function isoTime(ns: bigint): string {
  return new Date(Number(ns / 1_000_000_000n) * 1000).toISOString().replace('.000Z', 'Z');
}
