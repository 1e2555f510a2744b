import type { MountIdentity } from '../cache/mount-folder.ts';
import { isGoCacheEntry } from './go-cache-entry.ts';
import type { MountFile, MountListing, MountMember } from './mounts-index.ts';

/** What was left out for the bound. */
export interface LeftOut {
  readonly files: number;
  readonly bytes: number;
  /** The last use of what was left out; what stays was used later, where it could be told apart. Milliseconds. */
  readonly usedMs: number;
}

interface Piece {
  readonly mount: number;
  readonly paths: ReadonlySet<string>;
  readonly bytes: number;
  readonly usedMs: number;
}

/**
 * Leaves out what was used longest ago until the files take no more than `maxBytes`: single files where the tool that made
 * them does without (Go's caches), else a mount as a whole, since half of one is worse than none.
 */
export function boundMounts(
  mounts: readonly MountListing[],
  maxBytes: number,
): { readonly mounts: readonly MountListing[]; readonly leftOut: LeftOut | undefined } {
  const pieces = mounts.flatMap(piecesOf).sort((a, b) => b.usedMs - a.usedMs);
  const dropped: Piece[] = [];
  let bytes = 0;
  for (const piece of pieces) {
    // Once something does not fit, what is older does not come in its place.
    if (dropped.length === 0 && bytes + piece.bytes <= maxBytes) bytes += piece.bytes;
    else dropped.push(piece);
  }
  if (dropped.length === 0) return { mounts, leftOut: undefined };
  const gone = mounts.map(
    (_, index) => new Set(dropped.filter(({ mount }) => mount === index).flatMap(({ paths }) => [...paths])),
  );
  const kept = mounts.map(({ identity, members }, index) => {
    return { identity, members: members.filter(({ path }) => !gone[index]?.has(path)) };
  });
  return {
    mounts: kept.filter(({ members }) => members.some(({ type }) => type === 'file')),
    leftOut: {
      files: dropped.reduce((sum, { paths }) => sum + paths.size, 0),
      bytes: dropped.reduce((sum, piece) => sum + piece.bytes, 0),
      usedMs: Math.max(...dropped.map(({ usedMs }) => usedMs)),
    },
  };
}

function piecesOf({ identity, members }: MountListing, mount: number): Piece[] {
  const single = members.filter((member) => isDispensable(identity, member));
  const others = members.filter((member): member is MountFile => member.type === 'file' && !single.includes(member));
  const whole: Piece[] =
    others.length === 0
      ? []
      : [
          {
            mount,
            paths: new Set(others.map(({ path }) => path)),
            bytes: others.reduce((sum, { size }) => sum + size, 0),
            usedMs: Math.max(...others.map(({ usedMs }) => usedMs)),
          },
        ];
  return [
    ...whole,
    ...single.map(({ path, size, usedMs }) => ({ mount, paths: new Set([path]), bytes: size, usedMs })),
  ];
}

function isDispensable({ kind }: MountIdentity, member: MountMember): member is MountFile {
  return member.type === 'file' && (kind === 'go-modules' || isGoCacheEntry(member.path));
}
