/**
 * Takes cache mounts into a store. A mount that is not there is made, and appears whole; one that is there stays, and only
 * Go's caches, whose files never contradict each other, get the files that they lack.
 */
import { existsSync, lstatSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { KnownError } from '../../diagnostics/known-error.ts';
import { lockMount, type MountIdentity, mountFolder, writeIdentity } from '../cache/mount-folder.ts';
import { boundMounts, type LeftOut } from './bound-mounts.ts';
import type { CacheSource } from './cache-place-spec.ts';
import { isChosen } from './chosen-mounts.ts';
import { type ExportCacheOptions, openPlace } from './export-cache.ts';
import { fillMount } from './fill-mount.ts';
import { isGoCacheEntry } from './go-cache-entry.ts';
import type { MountListing, MountMember } from './mounts-index.ts';
import { readArtifact } from './read-artifact.ts';
import { readMountsIndex } from './read-mounts-index.ts';

export interface ImportStoreMountsOptions
  extends Pick<ExportCacheOptions, 'client' | 'cwd' | 'platform' | 'signal' | 'onProgress'> {
  readonly storeRoot: string;
  /** Only these; all without. See `isChosen`. */
  readonly only: readonly string[];
  /** For the files of these mounts together, those that are here included; what was used longest ago is not fetched. */
  readonly maxBytes?: number | undefined;
}

export interface ImportedMounts {
  readonly mounts: readonly ImportedMount[];
  readonly leftOut: LeftOut | undefined;
}

export interface ImportedMount {
  readonly identity: MountIdentity;
  /** Files and bytes that came. */
  readonly files: number;
  readonly bytes: number;
  /** `kept`: what this store has of it stays as it is. */
  readonly outcome: 'new' | 'added' | 'kept';
}

/** @throws KnownError CACHE_NOT_FOUND, CACHE_INVALID, DIGEST_MISMATCH, REGISTRY_*, DISK_FULL */
export async function importStoreMounts(
  source: CacheSource,
  { storeRoot, only, maxBytes = Number.POSITIVE_INFINITY, onProgress, ...options }: ImportStoreMountsOptions,
): Promise<ImportedMounts> {
  const place = openPlace(source, options);
  const artifact = await readArtifact(place, options);
  if (!artifact?.mounts) {
    throw new KnownError('CACHE_NOT_FOUND', `${place.name} has no cache mounts.`, {
      hint: 'Write them with "slipway cache export", or with mounts=true in --cache-to.',
    });
  }
  const index = await readMountsIndex(place, artifact.mounts, options);
  const { packs } = artifact.mounts;
  const chosen = index.mounts.filter(({ identity }) => isChosen(identity, only));
  const { mounts, leftOut } = boundMounts(chosen, maxBytes);
  const imported: ImportedMount[] = [];
  for (const listing of mounts) {
    const dir = mountFolder(join(storeRoot, 'mounts'), listing.identity);
    await using _lock = await lockMount(dir, options);
    const isNew = !existsSync(dir);
    const wanted = isNew ? listing : lackingFiles(listing, dir);
    if (wanted) {
      await moveIn(dir, wanted, (making) => fillMount(place, wanted, making, { ...options, index, packs, onProgress }));
      writeIdentity(dir, listing.identity);
    }
    const outcome = wanted === undefined ? 'kept' : isNew ? 'new' : 'added';
    imported.push({ identity: listing.identity, ...countOf(wanted), outcome });
  }
  return { mounts: imported, leftOut };
}

/** Of a mount that is there the files that it lacks and may get; undefined when that is nothing. */
function lackingFiles({ identity, members }: MountListing, dir: string): MountListing | undefined {
  const isWanted = (member: MountMember): boolean => {
    if (member.type === 'directory') return true;
    const isAdded = identity.kind === 'go-modules' || isGoCacheEntry(member.path);
    return member.type === 'file' && isAdded && !lstatSync(join(dir, member.path), { throwIfNoEntry: false });
  };
  const wanted = members.filter(isWanted);
  return wanted.some(({ type }) => type === 'file') ? { identity, members: wanted } : undefined;
}

async function moveIn(dir: string, { members }: MountListing, fill: (making: string) => Promise<void>): Promise<void> {
  const making = `${dir}.new-${process.pid}-${Date.now()}`;
  mkdirSync(making, { recursive: true });
  try {
    await fill(making);
    if (!existsSync(dir)) renameSync(making, dir);
    else for (const { type, path } of members) if (type === 'file') addFile(making, dir, path);
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
}

/** A step may have put a link in a folder's place, which must not lead out of the mount. */
function addFile(from: string, to: string, path: string): void {
  const folders = path.split('/').slice(0, -1);
  let folder = to;
  for (const name of folders) {
    folder = join(folder, name);
    if (!existsSync(folder)) mkdirSync(folder);
    if (!lstatSync(folder).isDirectory()) return;
  }
  renameSync(join(from, path), join(dirname(join(to, path)), path.slice(path.lastIndexOf('/') + 1)));
}

function countOf(listing: MountListing | undefined): Pick<ImportedMount, 'files' | 'bytes'> {
  const files = (listing?.members ?? []).filter((member) => member.type === 'file');
  return { files: files.length, bytes: files.reduce((sum, { size }) => sum + size, 0) };
}
