import { join } from 'node:path';
import { CopySnapshotter } from '../rootfs/copy-snapshotter.ts';
import type { Snapshotter } from '../rootfs/snapshot.ts';
import type { Executor } from './executor.ts';

/**
 * The snapshotter whose active snapshots an executor can run in, over the same store: what it commits is of one form whichever
 * made it.
 */
export function snapshotterFor(
  store: { readonly root: string; readonly snapshotter: Snapshotter },
  executor: Pick<Executor, 'isolation'>,
): Snapshotter {
  return executor.isolation === 'chroot' ? new CopySnapshotter(join(store.root, 'snapshots')) : store.snapshotter;
}
