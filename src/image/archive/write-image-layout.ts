import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomic } from '../../system/write-file-atomic.ts';
import type { Descriptor, ImageIndex } from '../descriptor.ts';
import { BlobStore } from '../store/blob-store.ts';
import { ANNOTATION, IMAGE_LAYOUT } from '../store/image-layout.ts';
import { readJsonFile } from '../store/json-file.ts';
import type { Exportable } from './exportable-image.ts';
import { layoutBlobs, layoutIndex } from './layout-content.ts';

/**
 * Writes images as an OCI image layout into a folder. One that is a layout already keeps its other images; a name
 * that it has moves. The index is written last, so that a reader never misses a blob.
 */
export async function writeImageLayout(
  dir: string,
  exportables: readonly Exportable[],
  options: { readonly signal?: AbortSignal } = {},
): Promise<void> {
  mkdirSync(dir, { recursive: true });
  const blobs = new BlobStore(dir);
  for (const blob of layoutBlobs(exportables)) {
    const { digest, size } = blob;
    await blobs.write(asAsync(blob.open()), { digest, size }, options);
  }
  writeFileAtomic(join(dir, 'oci-layout'), IMAGE_LAYOUT);
  const path = join(dir, 'index.json');
  const index = layoutIndex(exportables);
  const others = (readJsonFile<ImageIndex>(path)?.manifests ?? []).filter((entry) => !isReplaced(entry, index));
  writeFileAtomic(path, JSON.stringify({ ...index, manifests: [...others, ...index.manifests] }));
}

function isReplaced(entry: Descriptor, { manifests }: ImageIndex): boolean {
  const name = nameOf(entry);
  return manifests.some((added) => (name === undefined ? added.digest === entry.digest : nameOf(added) === name));
}

function nameOf({ annotations }: Descriptor): string | undefined {
  return annotations?.[ANNOTATION.containerdName] ?? annotations?.[ANNOTATION.refName];
}

async function* asAsync(source: AsyncIterable<Buffer> | Iterable<Buffer>): AsyncGenerator<Buffer> {
  yield* source;
}
