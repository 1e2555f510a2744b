/**
 * What a snapshot changed on top of its parents, in the order and with the rules of BuildKit's differ: directories
 * depth first with their names sorted, an entry that was only copied up left out, parents of a change put before it, opaque
 * directories told as what is missing in them. It must not know tar.
 */
import { closeSync, lstatSync, openSync, readdirSync, readSync } from 'node:fs';
import type { FileEntry } from '../context/file-tree.ts';
import { listXattrs } from '../system/xattr.ts';
import { isLayerXattr } from './image-xattr.ts';
import { fileEntry, type LayeredView, layeredView, unreadableName } from './layered-view.ts';
import { isOpaque, isWhiteout } from './overlay-form.ts';
import type { OwnerTable } from './owner-table.ts';
import { readOwnerTable } from './owner-table-file.ts';
import type { Snapshot } from './snapshot.ts';

/** `parent`: a directory that did not change and has a change below it. */
export type SnapshotChange =
  | { readonly kind: 'add' | 'modify' | 'parent'; readonly entry: FileEntry }
  | { readonly kind: 'delete'; readonly path: string };

interface Walk {
  readonly diffDir: string;
  readonly owners: OwnerTable;
  readonly base: LayeredView;
}

interface Place {
  readonly path: string;
  /** Whether the parents have a directory here. */
  readonly inBase: boolean;
  /** Whether what they have in it is hidden. */
  readonly opaque: boolean;
}

/** Lazily, so that memory does not grow with the number of files. The root itself is never a change. */
export function* snapshotDiff(snapshot: Snapshot): Generator<SnapshotChange> {
  const walk = {
    diffDir: snapshot.diffDir,
    owners: readOwnerTable(snapshot.ownerTable),
    base: layeredView(snapshot.parent, 'the parent snapshot'),
  };
  yield* walkDirectory(walk, { path: '', inBase: true, opaque: false });
}

function* walkDirectory(walk: Walk, place: Place): Generator<SnapshotChange> {
  for (const name of namesOf(walk, place)) {
    const path = place.path === '' ? name : `${place.path}/${name}`;
    const hostPath = `${walk.diffDir}/${path}`;
    const stat = lstatSync(hostPath, { bigint: true, throwIfNoEntry: false });
    if (!stat && !place.opaque) throw unreadableName(path);
    if (!stat || isWhiteout(stat)) {
      if (place.inBase && walk.base.has(path)) yield { kind: 'delete', path };
      continue;
    }
    const entry = fileEntry(path, hostPath, stat, walk.owners.get(path));
    const before = place.inBase ? walk.base.lstat(path) : undefined;
    const kind = before ? 'modify' : 'add';
    const isSame = before !== undefined && isSameEntry(before, entry);
    if (entry.type !== 'directory') {
      // image-spec layer.md has no sockets.
      if (!isSame && entry.type !== 'socket') yield { kind, entry };
      continue;
    }
    if (!isSame) yield { kind, entry };
    const inBase = before?.type === 'directory';
    const below = walkDirectory(walk, { path, inBase, opaque: inBase && (place.opaque || isOpaque(hostPath)) });
    yield* isSame ? withParent(entry, below) : below;
  }
}

/** Puts an unchanged directory before the first change below it. */
function* withParent(entry: FileEntry, below: Iterable<SnapshotChange>): Generator<SnapshotChange> {
  let announced = false;
  for (const change of below) {
    if (!announced) yield { kind: 'parent', entry };
    announced = true;
    yield change;
  }
}

/** Sorted; in an opaque directory also what it hides. */
function namesOf(walk: Walk, { path, opaque }: Place): readonly string[] {
  const names = readdirSync(path === '' ? walk.diffDir : `${walk.diffDir}/${path}`);
  if (!opaque) return names.sort();
  return [...new Set([...names, ...walk.base.readdir(path)])].sort();
}

/** Whether an entry was only copied up. A directory's time does not count, since it changes with what is in it. */
function isSameEntry(before: FileEntry, after: FileEntry): boolean {
  if (before.type !== after.type || before.mode !== after.mode) return false;
  if (before.uid !== after.uid || before.gid !== after.gid) return false;
  if (before.rdev?.major !== after.rdev?.major || before.rdev?.minor !== after.rdev?.minor) return false;
  if (!haveSameXattrs(before, after)) return false;
  if (after.type === 'directory') return true;
  if (before.size !== after.size || before.mtimeNs !== after.mtimeNs) return false;
  if (before.linkTarget !== after.linkTarget) return false;
  // A time in whole seconds was set by a tool and says nothing of the content.
  return after.mtimeNs % 1_000_000_000n !== 0n || after.type !== 'file' || haveSameContent(before, after);
}

function haveSameXattrs(before: FileEntry, after: FileEntry): boolean {
  const [a, b] = [layerXattrs(before), layerXattrs(after)];
  return a.size === b.size && [...a].every(([name, value]) => b.get(name)?.equals(value));
}

/** The attributes that a layer carries. */
export function layerXattrs(entry: FileEntry): ReadonlyMap<string, Buffer> {
  return listXattrs(entry.hostPath, isLayerXattr);
}

function haveSameContent(before: FileEntry, after: FileEntry): boolean {
  const [a, b] = [openSync(before.hostPath, 'r'), openSync(after.hostPath, 'r')];
  try {
    const [left, right] = [Buffer.allocUnsafe(65536), Buffer.allocUnsafe(65536)];
    for (;;) {
      const size = readSync(a, left);
      if (readSync(b, right) !== size || left.compare(right, 0, size, 0, size) !== 0) return false;
      if (size === 0) return true;
    }
  } finally {
    closeSync(a);
    closeSync(b);
  }
}
