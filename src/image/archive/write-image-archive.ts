/**
 * Writes images as archives and folders that other tools take. Both archives are the tar of an OCI image layout, as
 * BuildKit and docker write it, equal bytes for equal images; the docker one has a `manifest.json` too, which old
 * versions of docker look for. It must not know where layers come from.
 */

import { IMAGE_LAYOUT } from '../store/image-layout.ts';
import { TAR_END, tarHeader, tarPadding } from '../tar/encode-header.ts';
import type { TarHeader } from '../tar/tar-header.ts';
import { blobPath, dockerManifestEntry } from './docker-manifest.ts';
import { type Exportable, imagesOf } from './exportable-image.ts';
import { layoutBlobs, layoutIndex } from './layout-content.ts';

export interface WriteArchiveOptions {
  /** `oci` for skopeo, podman, buildx and a docker that has the containerd store; `docker` for every `docker load`. */
  readonly format: 'oci' | 'docker';
  readonly signal?: AbortSignal;
}

/**
 * The archive as a stream: to a file, to stdout. Errors of a layer's stream come through, and what was written until
 * then is no archive.
 */
export async function* writeImageArchive(
  exportables: readonly Exportable[],
  options: WriteArchiveOptions,
): AsyncGenerator<Buffer> {
  yield directoryHeader('blobs');
  yield directoryHeader('blobs/sha256');
  for (const blob of layoutBlobs(exportables)) {
    yield fileHeader(blobPath(blob.digest), blob.size, 0o444);
    yield* exactly(blob.open(), blob.size, options.signal);
    yield tarPadding(blob.size);
  }
  yield* smallFile('index.json', JSON.stringify(layoutIndex(exportables)));
  if (options.format === 'docker') {
    const entries = exportables.flatMap((exportable) =>
      imagesOf(exportable).map((image) => dockerManifestEntry({ ...image, names: exportable.names })),
    );
    yield* smallFile('manifest.json', JSON.stringify(entries));
  }
  yield* smallFile('oci-layout', IMAGE_LAYOUT);
  yield TAR_END;
}

/** A header has said already how long it is, so that a wrong length would spoil the archive. */
async function* exactly(
  source: AsyncIterable<Buffer> | Iterable<Buffer>,
  size: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<Buffer> {
  let left = size;
  for await (const chunk of source) {
    signal?.throwIfAborted();
    left -= chunk.length;
    if (left < 0) break;
    yield chunk;
  }
  if (left !== 0) throw new Error(`a layer has not the ${size} bytes that its descriptor says`);
}

function* smallFile(path: string, text: string): Generator<Buffer> {
  const bytes = Buffer.from(text);
  yield fileHeader(path, bytes.length, 0o644);
  yield bytes;
  yield tarPadding(bytes.length);
}

function fileHeader(path: string, size: number, mode: number): Buffer {
  return tarHeader({ ...NOBODYS, path, type: 'file', size, mode });
}

function directoryHeader(path: string): Buffer {
  return tarHeader({ ...NOBODYS, path, type: 'directory', size: 0, mode: 0o755 });
}

const NOBODYS: Pick<TarHeader, 'uid' | 'gid' | 'mtimeNs'> = { uid: 0, gid: 0, mtimeNs: 0n };
