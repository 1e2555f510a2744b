import { join } from 'node:path';
import { type Digest, digestHex, isDigest } from '../../image/digest.ts';
import type { Content, ContentId, StoreItem } from '../store-item.ts';
import type { Reading } from './inventory.ts';
import { lastUsedMs, namesIn } from './names-in.ts';

const UNFINISHED = '.tmp-';
/** Somebody may be writing it. */
const ABANDONED_MS = 3600 * 1000;

export function blobContents({ store, meter }: Reading): (readonly [ContentId, Content])[] {
  return store.blobs
    .list()
    .map((digest) => [`blobs/${digest}`, { bytes: meter.bytes(store.blobs.path(digest)), needs: [] }] as const);
}

/**
 * Blobs that no image names: layers that were compressed for another place and could be again, else garbage; and what
 * killed writers left.
 */
export function leftoverBlobs(reading: Reading, unheld: ReadonlySet<ContentId>): StoreItem[] {
  const digests = [...unheld].flatMap((content) => {
    const digest = content.slice('blobs/'.length);
    return content.startsWith('blobs/') && isDigest(digest) ? [digest] : [];
  });
  return [...digests.map((digest) => leftoverBlob(reading, digest)), ...unfinishedBlobs(reading)];
}

/** A push or a save that is at work asks once whether a blob is there, and relies on the answer. */
function leftoverBlob({ store, users, usedSinceMs }: Reading, digest: Digest): StoreItem {
  const path = store.blobs.path(digest);
  const diffId = store.layers.diffId(digest);
  const isCompressed = diffId !== undefined;
  const usedMs = lastUsedMs(path);
  const isInUse = isCompressed ? users.length > 0 : usedMs >= usedSinceMs;
  return {
    kind: 'blob',
    id: digest,
    name: isCompressed ? `compressed layer ${digestHex(diffId).slice(0, 12)}` : digest,
    bytes: 0,
    usedMs,
    paths: [],
    holds: [`blobs/${digest}`],
    garbage: isCompressed ? undefined : 'unreferenced',
    usedBy: isInUse ? 'a command at work' : undefined,
  };
}

function unfinishedBlobs({ store, meter, users }: Reading): StoreItem[] {
  const dir = join(store.root, 'blobs', 'sha256');
  return namesIn(dir).flatMap((id) => {
    if (!id.startsWith(UNFINISHED)) return [];
    const path = join(dir, id);
    const usedMs = lastUsedMs(path);
    const usedBy = users.length > 0 && Date.now() - usedMs < ABANDONED_MS ? 'a command at work' : undefined;
    const bytes = meter.bytes(path);
    return [{ kind: 'blob', id, name: id, bytes, usedMs, paths: [path], holds: [], garbage: 'unfinished', usedBy }];
  });
}
