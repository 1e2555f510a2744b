import { join } from 'node:path';
import { splitRepository } from '../../distribution/fetch-layer.ts';
import { listMounts } from '../cache/mount-folder.ts';
import { EMPTY_CONFIG } from './cache-artifact.ts';
import type { OutgoingBlob } from './cache-place.ts';
import type { StoredCacheDestination } from './cache-place-spec.ts';
import { isChosen } from './chosen-mounts.ts';
import { artifactThere, type ExportCacheOptions, openPlace } from './export-cache.ts';
import { type ExportedMounts, exportMounts } from './export-mounts.ts';
import { writeArtifact } from './write-artifact.ts';

export interface ExportStoreMountsOptions
  extends Pick<ExportCacheOptions, 'client' | 'cwd' | 'platform' | 'signal' | 'onProgress'> {
  /** Root of the store. */
  readonly storeRoot: string;
  /** Only these; all without. See `isChosen`. */
  readonly only: readonly string[];
}

/** Sends the cache mounts of a store; the steps that the place knows of stay there. @throws KnownError REGISTRY_*, DISK_FULL */
export async function exportStoreMounts(
  destination: StoredCacheDestination,
  { storeRoot, only, signal, onProgress, ...options }: ExportStoreMountsOptions,
): Promise<ExportedMounts> {
  const place = openPlace(destination, options);
  const before = await artifactThere(place, { ...options, signal });
  const mounts = listMounts(join(storeRoot, 'mounts')).filter(({ identity }) => isChosen(identity, only));
  const how = { before: before?.mounts, format: destination, maxBytes: destination.maxMountBytes, signal, onProgress };
  const exported = await exportMounts(place, mounts, how);
  const origin = place.repository === undefined ? undefined : splitRepository(place.repository);
  const layers = (before?.blobs ?? []).map((descriptor): OutgoingBlob => {
    return { descriptor, open: () => place.open(descriptor, { signal }), origin };
  });
  const artifact = { config: before?.config ?? EMPTY_CONFIG, layers, mounts: exported.blobs };
  await writeArtifact(place, artifact, { format: destination, signal, onProgress });
  return exported;
}
