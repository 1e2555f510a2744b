import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Store } from '../distribution/store.ts';
import type { Descriptor } from '../image/descriptor.ts';
import type { Digest } from '../image/digest.ts';
import type { StoredImage } from '../image/store/stored-image.ts';

/** Annotations by which BuildKit attaches attestations to a manifest of the same index. */
const KIND = 'vnd.docker.reference.type';
const SUBJECT = 'vnd.docker.reference.digest';
const PREDICATE = 'in-toto.io/predicate-type';
const MOST_BYTES = 4 * 1024 * 1024;

/**
 * Predicate types of the attestations that an image's index names beside it, such as `https://spdx.dev/Document`; a manifest that is
 * not here counts as `attestation`. What is no index is passed over: nothing here makes an image unreadable.
 */
export function attestationsOf(store: Store, image: StoredImage, layoutDir?: string): readonly string[] {
  const subject = image.manifest?.digest;
  if (!subject) return [];
  const indexes = [
    ...referencedIndexes(store, image),
    ...(layoutDir === undefined ? [] : archivedIndexes(store, layoutDir)),
  ];
  const manifests = indexes.flatMap((index) => descriptorsOf(index));
  return manifests
    .filter(({ annotations }) => annotations?.[KIND] === 'attestation-manifest' && annotations[SUBJECT] === subject)
    .flatMap(({ digest }) => predicates(store, digest));
}

function* referencedIndexes(store: Store, { id }: StoredImage): Generator<unknown> {
  for (const { digest } of store.images.referencesTo(id)) if (digest) yield readJson(store.blobs.path(digest));
}

/** Of an archive every blob is here; of a layout only what the image needs, so its own folder is looked into. */
function* archivedIndexes(store: Store, path: string): Generator<unknown> {
  for (const digest of store.blobs.list()) yield readJson(store.blobs.path(digest));
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  const top = readJson(join(path, 'index.json'));
  yield top;
  for (const { digest } of descriptorsOf(top)) yield readJson(layoutBlob(path, digest));
}

function predicates(store: Store, digest: Digest): readonly string[] {
  const manifest = readJson(store.blobs.path(digest)) as { readonly layers?: unknown } | undefined;
  const layers = Array.isArray(manifest?.layers) ? (manifest.layers as readonly Descriptor[]) : [];
  const found = layers
    .flatMap((layer) => layer?.annotations?.[PREDICATE] ?? [])
    .filter((type) => typeof type === 'string');
  return found.length > 0 ? found : ['attestation'];
}

function descriptorsOf(index: unknown): readonly Descriptor[] {
  const manifests = (index as { readonly manifests?: unknown } | undefined)?.manifests;
  if (!Array.isArray(manifests)) return [];
  return (manifests as readonly Descriptor[]).filter((each) => /^sha256:[0-9a-f]{64}$/.test(String(each?.digest)));
}

function layoutBlob(dir: string, digest: Digest): string {
  return join(dir, 'blobs', 'sha256', digest.slice('sha256:'.length));
}

/** Small and beginning like an object, or it is not looked at. */
function readJson(path: string): unknown {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats?.isFile() || stats.size > MOST_BYTES || firstByte(path) !== 0x7b) return undefined;
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function firstByte(path: string): number | undefined {
  const fd = openSync(path, 'r');
  try {
    const byte = Buffer.alloc(1);
    return readSync(fd, byte) === 1 ? byte[0] : undefined;
  } finally {
    closeSync(fd);
  }
}
