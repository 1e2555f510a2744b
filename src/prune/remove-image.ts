import { runningContainers } from '../container/container-state.ts';
import { KnownError } from '../diagnostics/known-error.ts';
import { snapshotIds } from '../distribution/layer-chain.ts';
import type { Store } from '../distribution/store.ts';
import { beginSweep } from '../distribution/store-use.ts';
import type { Digest } from '../image/digest.ts';
import { familiarName, familiarReference, parseReference } from '../image/reference.ts';
import { requireImage } from '../image/store/resolve-image.ts';
import type { StoredImage } from '../image/store/stored-image.ts';
import { cacheRecords, neededContent } from './needed-content.ts';

export interface RemovedImage {
  /** As people write them. */
  readonly untagged: readonly string[];
  /** Ids; empty when the image has other names. */
  readonly deleted: readonly Digest[];
}

/**
 * Removes a name, and with its last name the image; or an image by its id with its names, when they are of one repository or
 * `force` is set. What only it needed goes with it, but for what the build cache still has.
 * @throws KnownError IMAGE_NOT_FOUND, IMAGE_IN_USE
 */
export async function removeImage(
  store: Store,
  name: string,
  { force }: { readonly force: boolean },
): Promise<RemovedImage> {
  const { image, reference } = requireImage(store.images, name);
  if (reference) {
    const images = reference.images.flatMap(({ id }) => store.images.get(id) ?? []);
    const last = images.filter(({ id }) => store.images.referencesTo(id).length === 1);
    for (const each of last) refuseInUse(store, each);
    await store.images.deleteReference(reference.name);
    return { untagged: [shown(reference.name)], deleted: await deleteImages(store, last) };
  }
  const names = store.images.referencesTo(image.id).map((each) => each.name);
  const repositories = new Set(names.map((each) => familiarName(parseReference(each))));
  if (repositories.size > 1 && !force) throw severalNames(name, names);
  refuseInUse(store, image);
  return { untagged: names.map(shown), deleted: await deleteImages(store, [image]) };
}

async function deleteImages(store: Store, images: readonly StoredImage[]): Promise<Digest[]> {
  for (const { id } of images) await store.images.remove(id);
  await removeContent(store, images);
  return images.map(({ id }) => id);
}

/** While others work with the store the content stays for prune: it may be what they are about to use. */
async function removeContent(store: Store, removed: readonly StoredImage[]): Promise<void> {
  using sweep = beginSweep(store.root);
  if (sweep.users.length > 0) return;
  const records = cacheRecords(store);
  const needed = await neededContent(store, { images: store.images.list(), records, keepCompressed: true });
  for (const { id, manifest, layers } of removed) {
    for (const index of layers.keys()) {
      for (const snapshotId of snapshotIds(layers, index)) {
        if (!needed.snapshots.has(snapshotId)) await store.snapshotter.remove(snapshotId);
      }
    }
    const known = layers.flatMap(({ diffId }) => store.layers.blobs(diffId).map(({ descriptor }) => descriptor.digest));
    const own = layers.flatMap(({ blob }) => blob?.digest ?? []);
    for (const digest of [id, ...(manifest ? [manifest.digest] : []), ...own, ...known]) {
      if (!needed.blobs.has(digest)) store.blobs.remove(digest);
    }
  }
}

function refuseInUse(store: Store, image: StoredImage): void {
  const container = runningContainers(store.root).find((each) => each.image === image.id);
  if (!container) return;
  throw new KnownError('IMAGE_IN_USE', `The container ${container.name} runs the image ${image.id.slice(0, 19)}.`, {
    hint: 'Stop it first.',
  });
}

function severalNames(name: string, names: readonly string[]): KnownError {
  return new KnownError(
    'IMAGE_IN_USE',
    `The image ${name} has ${names.length} names: ${names.map(shown).join(', ')}.`,
    {
      hint: 'Remove them one by one, or all of them with -f.',
    },
  );
}

function shown(name: string): string {
  return familiarReference(parseReference(name));
}
