/**
 * Everything that is kept between commands, opened by its root folder: blobs, images, layers, snapshots. Opening reads
 * nothing; folders are made when something is written. Safe to use from several processes at once.
 */
import { join } from 'node:path';
import { BlobStore } from '../image/store/blob-store.ts';
import { ImageStore } from '../image/store/image-store.ts';
import { LayerTable } from '../image/store/layer-table.ts';
import { OverlaySnapshotter } from '../rootfs/overlay-snapshotter.ts';
import type { Snapshotter } from '../rootfs/snapshot.ts';

export interface Store {
  readonly root: string;
  readonly blobs: BlobStore;
  readonly images: ImageStore;
  readonly layers: LayerTable;
  readonly snapshotter: Snapshotter;
}

export interface OpenStoreOptions {
  /** Replaces the overlay one where nothing can be mounted. */
  readonly snapshotter?: (dir: string) => Snapshotter;
}

export function openStore(root: string, options: OpenStoreOptions = {}): Store {
  const blobs = new BlobStore(root);
  const dir = join(root, 'snapshots');
  return {
    root,
    blobs,
    images: new ImageStore(root, blobs),
    layers: new LayerTable(root),
    snapshotter: options.snapshotter?.(dir) ?? new OverlaySnapshotter(dir),
  };
}
