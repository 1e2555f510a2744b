import { checkHashed, digestOf } from '../compression/verify-stream.ts';
import type { Descriptor, ImageManifest } from '../descriptor.ts';
import type { Digest } from '../digest.ts';
import { matchPlatform } from '../match-platform.ts';
import { isIndexMediaType, isManifestMediaType } from '../media-type.ts';
import { MAX_MANIFEST_BYTES, manifestMediaType, parseIndex, parseManifest } from '../parse-manifest.ts';
import type { Platform } from '../platform.ts';
import { ANNOTATION } from '../store/image-layout.ts';
import { archiveError } from './archive-error.ts';

/** A manifest that an index leads to. */
export interface FoundManifest {
  readonly descriptor: Descriptor;
  readonly manifest: ImageManifest;
  readonly names: readonly string[];
}

export interface IndexQuery {
  /** Of what is read, for messages. */
  readonly name: string;
  /** Only what has this name or tag, or this digest. */
  readonly reference?: string | undefined;
  /** Of an index of several platforms, only the one that suits this; every one by default. */
  readonly platform?: Platform | undefined;
}

/** Gives a small blob of the layout whole, or undefined when it is not there. */
export type ReadBlob = (digest: Digest, maxBytes: number) => Buffer | undefined;

/** An index may name an index, but not without end. */
const MAX_DEPTH = 4;
const MAX_MANIFESTS = 1000;

/**
 * The images of a layout's index. Attestations are left out, and so are manifests of a nested index whose blobs the
 * layout has not (a platform that was not saved).
 *
 * @throws KnownError ARCHIVE_INVALID, IMAGE_CORRUPT, DIGEST_MISMATCH
 */
export function readOciIndex(indexJson: Buffer, readBlob: ReadBlob, query: IndexQuery): FoundManifest[] {
  const entries = parseIndex(indexJson, 'application/vnd.oci.image.index.v1+json').manifests;
  const wanted = entries.filter((entry) => isWanted(entry, query.reference));
  if (wanted.length > MAX_MANIFESTS) throw archiveError(query.name, `it lists ${wanted.length} images`);
  const found = wanted.flatMap((entry) => {
    const manifests = readEntry(entry, { readBlob, query, depth: 0 });
    if (manifests.length === 0) throw archiveError(query.name, `the blob ${entry.digest} is not in it`);
    return manifests.map((manifest) => ({ ...manifest, names: namesOf(entry) }));
  });
  return mergeNames(found);
}

interface Walk {
  readonly readBlob: ReadBlob;
  readonly query: IndexQuery;
  readonly depth: number;
}

function readEntry(entry: Descriptor, walk: Walk): Omit<FoundManifest, 'names'>[] {
  const bytes = walk.readBlob(entry.digest, MAX_MANIFEST_BYTES);
  if (!bytes) return [];
  checkHashed({ digest: digestOf(bytes), size: bytes.length }, entry);
  const mediaType = manifestMediaType(bytes, entry.mediaType);
  const { mediaType: _, annotations: __, ...rest } = entry;
  if (isManifestMediaType(mediaType)) {
    return [{ descriptor: { mediaType, ...rest }, manifest: parseManifest(bytes, mediaType) }];
  }
  if (!isIndexMediaType(mediaType)) return [];
  if (walk.depth >= MAX_DEPTH) throw archiveError(walk.query.name, 'its indexes name each other without end');
  const children = choose(parseIndex(bytes, mediaType).manifests, walk.query.platform);
  if (children.length > MAX_MANIFESTS) throw archiveError(walk.query.name, `it lists ${children.length} images`);
  return children.flatMap((child) => readEntry(child, { ...walk, depth: walk.depth + 1 }));
}

function choose(manifests: readonly Descriptor[], platform: Platform | undefined): readonly Descriptor[] {
  if (!platform) return manifests.filter((manifest) => manifest.platform?.os !== 'unknown');
  const match = matchPlatform(manifests, platform);
  return match ? [match] : [];
}

function isWanted(entry: Descriptor, reference: string | undefined): boolean {
  return reference === undefined || entry.digest === reference || allNames(entry).includes(reference);
}

/** The full name where there is one. */
function namesOf(entry: Descriptor): readonly string[] {
  return allNames(entry).slice(0, 1);
}

function allNames({ annotations }: Descriptor): readonly string[] {
  return [annotations?.[ANNOTATION.containerdName], annotations?.[ANNOTATION.refName]].filter(
    (name): name is string => typeof name === 'string' && name !== '',
  );
}

/** An index has an entry a name. */
function mergeNames(found: readonly FoundManifest[]): FoundManifest[] {
  const byDigest = new Map<Digest, FoundManifest>();
  for (const image of found) {
    const names = [...(byDigest.get(image.descriptor.digest)?.names ?? []), ...image.names];
    byDigest.set(image.descriptor.digest, { ...image, names: [...new Set(names)] });
  }
  return [...byDigest.values()];
}
