import { createReadStream, statSync } from 'node:fs';
import { KnownError, systemErrorCode } from '../diagnostics/known-error.ts';
import { decompressDetected } from '../image/compression/decompress.ts';
import type { ContainerConfig, ImageConfig } from '../image/image-config.ts';
import type { Platform } from '../image/platform.ts';
import type { StoredImage } from '../image/store/stored-image.ts';
import { readTar } from '../image/tar/read-tar.ts';
import { applyLayer } from '../rootfs/apply-layer.ts';
import { diffIdOf } from '../rootfs/layer-from-snapshot.ts';
import { openLayeredView } from '../rootfs/layered-view.ts';
import { copyTree } from '../rootfs/materialize.ts';
import type { ActiveSnapshot, Snapshot } from '../rootfs/snapshot.ts';
import type { Store } from './store.ts';

export interface ImportOptions {
  readonly config: ContainerConfig;
  readonly platform: Platform;
  /** The comment of the one history entry. */
  readonly message: string;
  /** Normalised; the image gets no name without. */
  readonly name?: string | undefined;
  readonly nowMs: number;
  readonly signal: AbortSignal;
  /** Bytes of the archive read so far. */
  onBytes?(current: number): void;
}

const READ_BYTES = 1024 * 1024;

/**
 * Makes an image with one layer of a root filesystem: a directory, or a tar archive (compressed or not) in a file or a stream, which
 * is read once.
 * @throws KnownError ARCHIVE_INVALID, LAYER_CORRUPT
 */
export async function importRootfs(
  store: Store,
  source: string | AsyncIterable<Buffer>,
  options: ImportOptions,
): Promise<StoredImage> {
  const snapshot = await importSnapshot(store, source, options);
  const { diffId, sizeBytes } = await diffIdOf(snapshot);
  const config = imageConfig(diffId, options);
  const { digest } = store.blobs.writeBytes(Buffer.from(JSON.stringify(config)));
  const image = await store.images.put({
    id: digest,
    platform: options.platform,
    layers: [{ diffId, size: sizeBytes, snapshotId: snapshot.id }],
    createdMs: options.nowMs,
    storedMs: options.nowMs,
  });
  if (options.name !== undefined) {
    await store.images.setReference(options.name, { images: [{ id: digest, platform: options.platform }] });
  }
  return image;
}

async function importSnapshot(
  store: Store,
  source: string | AsyncIterable<Buffer>,
  options: ImportOptions,
): Promise<Snapshot> {
  const isFolder = typeof source === 'string' && isDirectory(source);
  await using active = await store.snapshotter.prepare(undefined);
  if (isFolder) copyTree(openLayeredView(folderAsSnapshot(source), source), active);
  else await unpack(active, source, options);
  return active.commit();
}

async function unpack(
  active: ActiveSnapshot,
  source: string | AsyncIterable<Buffer>,
  { signal, onBytes }: ImportOptions,
): Promise<void> {
  const name = typeof source === 'string' ? source : 'the archive on standard input';
  const stream = typeof source === 'string' ? createReadStream(source, { highWaterMark: READ_BYTES }) : source;
  const tar = decompressDetected(counted(stream, onBytes), { name });
  await applyLayer(active, readTar(tar, { name }), { name, signal });
}

/** A folder of the user's reads like a difference without parents. */
function folderAsSnapshot(folder: string): Snapshot {
  return { id: '', parent: undefined, diffDir: folder, ownerTable: undefined };
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT') throw error;
    throw new KnownError('ARCHIVE_INVALID', `There is no file or folder "${path}" to import.`, {
      hint: 'Give a tar archive, a folder, or - for standard input.',
    });
  }
}

/** Keys in the order in which docker's import writes them. */
function imageConfig(diffId: ImageConfig['rootfs']['diff_ids'][number], options: ImportOptions): ImageConfig {
  const created = new Date(options.nowMs).toISOString();
  return {
    created,
    ...options.platform,
    rootfs: { type: 'layers', diff_ids: [diffId] },
    history: [{ created, comment: options.message }],
    config: options.config,
  };
}

async function* counted(
  source: AsyncIterable<Buffer>,
  onBytes: ((current: number) => void) | undefined,
): AsyncGenerator<Buffer> {
  let current = 0;
  for await (const chunk of source) {
    current += chunk.length;
    onBytes?.(current);
    yield chunk;
  }
}
