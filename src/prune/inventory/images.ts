import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { snapshotIds } from '../../distribution/layer-chain.ts';
import { digestHex } from '../../image/digest.ts';
import { familiarReference, parseReference } from '../../image/reference.ts';
import type { StoredImage, StoredReference } from '../../image/store/stored-image.ts';
import type { ContentId, StoreItem } from '../store-item.ts';
import type { Reading } from './inventory.ts';
import { lastUsedMs } from './names-in.ts';
import { snapshotContent } from './snapshots.ts';

/** Images with their config, manifests, and layers as far as these are here. While others work none may go: it may be their base. */
export function imageItems(reading: Reading): StoreItem[] {
  const names = new Map<string, StoredReference[]>();
  for (const reference of reading.store.images.references()) {
    for (const { id } of reference.images) names.set(id, [...(names.get(id) ?? []), reference]);
  }
  return reading.store.images.list().map((image) => imageItem(reading, image, names.get(image.id) ?? []));
}

function imageItem(
  { store, meter, users, running }: Reading,
  image: StoredImage,
  names: readonly StoredReference[],
): StoreItem {
  const { id, layers, manifest, storedMs } = image;
  const dir = join(store.root, 'images');
  const record = join(dir, 'records', `${digestHex(id)}.json`);
  const blobs = [id, manifest?.digest, ...layers.map(({ blob }) => blob?.digest), ...names.map(({ digest }) => digest)];
  const snapshots = layers.flatMap((_, index) => snapshotIds(layers, index));
  const container = running.get(id);
  const references = names.map(({ name }) =>
    join(dir, 'references', `${createHash('sha256').update(name).digest('hex')}.json`),
  );
  return {
    kind: 'image',
    id,
    name: names.map(({ name }) => familiarReference(parseReference(name))).join(', '),
    bytes: [record, ...references].reduce((sum, path) => sum + meter.bytes(path), 0),
    usedMs: Math.max(storedMs, lastUsedMs(record)),
    paths: [],
    holds: [...new Set([...blobs.flatMap(blobContent), ...snapshots.flatMap(snapshotContent)])],
    isUnnamed: names.length === 0,
    usedBy:
      container === undefined ? (users.length > 0 ? 'a command at work' : undefined) : `the container ${container}`,
  };
}

function blobContent(digest: string | undefined): ContentId[] {
  return digest === undefined ? [] : [`blobs/${digest}`];
}
