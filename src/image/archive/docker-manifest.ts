import { digestOf } from '../compression/verify-stream.ts';
import { type Digest, digestHex } from '../digest.ts';
import { familiarReference, parseReference } from '../reference.ts';
import type { ExportableImage } from './exportable-image.ts';

/** An entry of `manifest.json` in what `docker save` writes. */
export interface DockerManifestEntry {
  /** Path in the archive. */
  readonly Config: string;
  /** As people write them; null where the image has none. */
  readonly RepoTags: readonly string[] | null;
  /** Paths in the archive, lowest first. */
  readonly Layers: readonly string[];
}

/** Where a blob lies in a layout. */
export function blobPath(digest: Digest): string {
  return `blobs/sha256/${digestHex(digest)}`;
}

export function dockerManifestEntry({ config, layers, names }: ExportableImage): DockerManifestEntry {
  return {
    Config: blobPath(digestOf(config)),
    RepoTags: names.length > 0 ? names.map((name) => familiarReference(parseReference(name))) : null,
    Layers: layers.map(({ descriptor }) => blobPath(descriptor.digest)),
  };
}
