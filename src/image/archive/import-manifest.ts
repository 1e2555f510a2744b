import { KnownError } from '../../diagnostics/known-error.ts';
import type { Digest } from '../digest.ts';
import { layerCompression } from '../media-type.ts';
import { MAX_CONFIG_BYTES, parseImageConfig } from '../parse-manifest.ts';
import { archiveError } from './archive-error.ts';
import type { ImportedImage } from './imported-image.ts';
import type { FoundManifest, ReadBlob } from './read-oci-index.ts';

export interface ImportSource {
  readonly readBlob: ReadBlob;
  /** Whether a layer is there, with this size. */
  readonly hasBlob: (digest: Digest, size: number) => boolean;
  readonly name: string;
}

/**
 * The image of a manifest, whose blobs are all at hand.
 *
 * @throws KnownError ARCHIVE_INVALID when one is missing, IMAGE_CORRUPT when config and manifest do not fit each other
 */
export function importManifest({ descriptor, manifest, names }: FoundManifest, source: ImportSource): ImportedImage {
  const id = manifest.config.digest;
  const bytes = source.readBlob(id, MAX_CONFIG_BYTES);
  if (!bytes) throw archiveError(source.name, `the blob ${id} is not in it`);
  const config = parseImageConfig(bytes);
  const diffIds = config.rootfs.diff_ids;
  if (diffIds.length !== manifest.layers.length) {
    throw corrupt(id, `has ${manifest.layers.length} layers and its config names ${diffIds.length}`);
  }
  const layers = manifest.layers.map((blob, index) => {
    const diffId = diffIds[index];
    const compression = layerCompression(blob.mediaType);
    if (!diffId || !compression) throw corrupt(id, `has a layer of the unknown type ${JSON.stringify(blob.mediaType)}`);
    if (compression === 'none' && String(diffId) !== blob.digest)
      throw corrupt(id, `has a layer that is not ${diffId}`);
    if (!source.hasBlob(blob.digest, blob.size))
      throw archiveError(source.name, `the blob ${blob.digest} is not in it`);
    return { diffId, blob };
  });
  const { os, architecture, variant } = config;
  const platform = { os, architecture, ...(variant && { variant }) };
  return { id, config, platform, manifest: descriptor, layers, names };
}

function corrupt(id: Digest, problem: string): KnownError {
  return new KnownError('IMAGE_CORRUPT', `The image ${id} ${problem}.`);
}
