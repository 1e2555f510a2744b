/**
 * Sends the files of cache mounts: what the place has is named again, what it lacks goes into new packs. Mounts of which this
 * machine has nothing stay there as they are. What surprises: packs are put here, before the manifest that names them is
 * written, so that no more than one is in memory at once.
 */
import { join } from 'node:path';
import { digestOf } from '../../image/compression/verify-stream.ts';
import type { Descriptor } from '../../image/descriptor.ts';
import type { Digest } from '../../image/digest.ts';
import type { HeldLock } from '../../system/lock.ts';
import { identityText, type KeptMount, lockMount, type MountIdentity } from '../cache/mount-folder.ts';
import { boundMounts, type LeftOut } from './bound-mounts.ts';
import { CACHE_MEDIA_TYPE, type CacheArtifact } from './cache-artifact.ts';
import type { CachePlace, OutgoingBlob, PlaceOptions } from './cache-place.ts';
import type { CacheFormat } from './cache-place-spec.ts';
import { type MountListing, type MountsIndex, type PackListing, writeMountsIndex } from './mounts-index.ts';
import { type Content, packContents } from './pack-contents.ts';
import { readMountsIndex } from './read-mounts-index.ts';
import { contentsOf, scanMount } from './scan-mount.ts';

export interface ExportMountsOptions extends PlaceOptions {
  readonly format: CacheFormat;
  /** Of all files together, uncompressed. */
  readonly maxBytes?: number | undefined;
}

export interface ExportedMount {
  readonly identity: MountIdentity;
  readonly files: number;
  readonly bytes: number;
  /** It is not on this machine; what the place had of it stays. */
  readonly isKept: boolean;
}

export interface ExportedMounts {
  /** The index and every pack it names, ready for a manifest. */
  readonly blobs: readonly OutgoingBlob[];
  readonly mounts: readonly ExportedMount[];
  readonly sent: { readonly packs: number; readonly bytes: number };
  readonly present: { readonly packs: number; readonly bytes: number };
  readonly leftOut: LeftOut | undefined;
}

/** Below this share of contents that are still needed, a pack is not worth keeping. */
const LIVE_SHARE = 0.5;

/** `before` is what the place has; other steps wait for the mounts until it is done. @throws KnownError as the place's `put` */
export async function exportMounts(
  place: CachePlace,
  mounts: readonly KeptMount[],
  { before, ...options }: ExportMountsOptions & { readonly before: CacheArtifact['mounts'] },
): Promise<ExportedMounts> {
  const { signal, maxBytes = Number.POSITIVE_INFINITY } = options;
  const there = before && (await readMountsIndex(place, before, options).catch(ignoreUnlessAborted(signal)));
  const locks: HeldLock[] = [];
  try {
    // In one order, so that two exports never wait for each other.
    const ordered = [...mounts].sort((a, b) => (a.dir < b.dir ? -1 : 1));
    for (const { dir } of ordered) locks.push(await lockMount(dir, { signal }));
    const here: MountListing[] = [];
    for (const mount of ordered) here.push(await scanMount(mount, signal));
    const bounded = boundMounts([...here.filter(hasFiles), ...absentHere(there, here)], maxBytes);
    const locations = contentLocations(ordered, here);
    const kept = keptPacks(there, neededContents(bounded.mounts), locations);
    const made = await putNew(place, bounded.mounts, { ...options, kept, locations });
    const index = { mounts: bounded.mounts, packs: [...kept, ...made.map(({ listing }) => listing)] };
    const known = new Map(
      [...(before?.packs ?? []), ...made.map((pack) => pack.descriptor)].map((each) => [each.digest, each]),
    );
    return {
      blobs: outgoing(place, index, { known, signal }),
      mounts: bounded.mounts.map((mount) => exported(mount, here)),
      sent: total(made.map(({ descriptor }) => descriptor)),
      present: total(kept.flatMap(({ digest }) => known.get(digest) ?? [])),
      leftOut: bounded.leftOut,
    };
  } finally {
    for (const lock of locks) lock[Symbol.dispose]();
  }
}

function ignoreUnlessAborted(signal: AbortSignal): () => undefined {
  return () => {
    signal.throwIfAborted();
    return undefined;
  };
}

function hasFiles({ members }: MountListing): boolean {
  return members.some(({ type }) => type === 'file');
}

function absentHere(there: MountsIndex | undefined, here: readonly MountListing[]): readonly MountListing[] {
  const own = new Set(here.filter(hasFiles).map(({ identity }) => keyOf(identity)));
  return there?.mounts.filter(({ identity }) => !own.has(keyOf(identity))) ?? [];
}

function keyOf(identity: MountIdentity): string {
  return `${identity.kind}\0${identityText(identity)}`;
}

function neededContents(mounts: readonly MountListing[]): ReadonlySet<Digest> {
  return new Set(
    mounts.flatMap(({ members }) => members.flatMap((member) => (member.type === 'file' ? member.contents : []))),
  );
}

/** A file of this machine that has a content, by the content. */
function contentLocations(
  mounts: readonly KeptMount[],
  listings: readonly MountListing[],
): ReadonlyMap<Digest, string> {
  const locations = new Map<Digest, string>();
  for (const [index, { members }] of listings.entries())
    for (const member of members)
      for (const digest of member.type === 'file' ? member.contents : [])
        locations.set(digest, join(mounts[index]?.dir ?? '', member.path));
  return locations;
}

/** Packs of the place that are mostly needed, or have something that is nowhere else; each content is told of in one pack only. */
function keptPacks(
  there: MountsIndex | undefined,
  needed: ReadonlySet<Digest>,
  locations: ReadonlyMap<Digest, string>,
): readonly PackListing[] {
  const told = new Set<Digest>();
  return (there?.packs ?? []).filter(({ contents }) => {
    const live = contents.filter(({ digest }) => needed.has(digest) && !told.has(digest));
    const bytes = (list: PackListing['contents']) => list.reduce((sum, { size }) => sum + size + 1, 0);
    const isKept = live.some(({ digest }) => !locations.has(digest)) || bytes(live) >= bytes(contents) * LIVE_SHARE;
    if (isKept) for (const { digest } of contents) told.add(digest);
    return isKept && live.length > 0;
  });
}

interface PutNew extends ExportMountsOptions {
  readonly kept: readonly PackListing[];
  readonly locations: ReadonlyMap<Digest, string>;
}

async function putNew(
  place: CachePlace,
  mounts: readonly MountListing[],
  { kept, locations, format, ...options }: PutNew,
): Promise<readonly { readonly listing: PackListing; readonly descriptor: Descriptor }[]> {
  const present = new Set(kept.flatMap(({ contents }) => contents.map(({ digest }) => digest)));
  const made: { readonly listing: PackListing; readonly descriptor: Descriptor }[] = [];
  for await (const { listing, descriptor, bytes } of packContents(newContents(mounts, present, locations), format)) {
    await place.put({ descriptor, open: () => once(bytes) }, options);
    made.push({ listing, descriptor });
  }
  return made;
}

/** Each once, mount by mount: what is used together is fetched together. */
function* newContents(
  mounts: readonly MountListing[],
  present: ReadonlySet<Digest>,
  locations: ReadonlyMap<Digest, string>,
): Generator<Content> {
  const done = new Set(present);
  for (const { members } of mounts)
    for (const member of members) {
      if (member.type !== 'file' || member.contents.every((digest) => done.has(digest))) continue;
      const path = locations.get(member.contents[0] as Digest);
      if (path === undefined) continue;
      let at = 0;
      for (const content of contentsOf(path)) {
        const digest = member.contents[at++] as Digest;
        if (!done.has(digest)) yield { digest, bytes: Buffer.from(content) };
        done.add(digest);
      }
    }
}

function outgoing(
  place: CachePlace,
  index: MountsIndex,
  { known, signal }: { readonly known: ReadonlyMap<Digest, Descriptor>; readonly signal: AbortSignal },
): readonly OutgoingBlob[] {
  const bytes = writeMountsIndex(index);
  const descriptor = { mediaType: CACHE_MEDIA_TYPE.mounts, digest: digestOf(bytes), size: bytes.length };
  const packs = index.packs.flatMap(({ digest }) => known.get(digest) ?? []);
  return [
    { descriptor, open: () => once(bytes) },
    ...packs.map((pack) => ({ descriptor: pack, open: () => place.open(pack, { signal }) })),
  ];
}

function exported({ identity, members }: MountListing, here: readonly MountListing[]): ExportedMount {
  const files = members.filter((member) => member.type === 'file');
  const isKept = !here.some((listing) => keyOf(listing.identity) === keyOf(identity) && hasFiles(listing));
  return { identity, files: files.length, bytes: files.reduce((sum, { size }) => sum + size, 0), isKept };
}

function total(blobs: readonly Descriptor[]): { readonly packs: number; readonly bytes: number } {
  return { packs: blobs.length, bytes: blobs.reduce((sum, { size }) => sum + size, 0) };
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}
