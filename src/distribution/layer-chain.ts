import { createHash } from 'node:crypto';
import { type ChainId, type DiffId, digestHex } from '../image/digest.ts';
import type { StoredLayer } from '../image/store/stored-image.ts';
import type { Snapshot } from '../rootfs/snapshot.ts';
import type { Store } from './store.ts';

/** Names the snapshot of the layers up to `index` by what they are: image-spec config.md, "Layer ChainID". */
export function chainName(layers: readonly StoredLayer[], index: number): string {
  return `chain-${digestHex(chainId(layers.slice(0, index + 1).map(({ diffId }) => diffId)))}`;
}

/** Every id under which the snapshot of a layer, on top of those below it, may be in the store. */
export function snapshotIds(layers: readonly StoredLayer[], index: number): string[] {
  const own = layers[index]?.snapshotId;
  const chain = chainName(layers, index);
  return own === undefined || own === chain ? [chain] : [own, chain];
}

/** The snapshot of a layer on top of those below it, if it is there. */
export async function layerSnapshot(
  store: Store,
  layers: readonly StoredLayer[],
  index: number,
): Promise<Snapshot | undefined> {
  for (const id of snapshotIds(layers, index)) {
    const snapshot = await store.snapshotter.get(id);
    if (snapshot) return snapshot;
  }
  return undefined;
}

function chainId(diffIds: readonly DiffId[]): ChainId {
  const [first, ...rest] = diffIds as readonly string[];
  return rest.reduce(
    (chain, diffId) => `sha256:${createHash('sha256').update(`${chain} ${diffId}`).digest('hex')}`,
    first,
  ) as ChainId;
}
