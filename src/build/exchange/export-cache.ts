/**
 * Writes what a build found out to a place where other stores look for it. The parts of an artifact that are not exported
 * now (steps, or cache mounts) stay as they are there. What surprises: what came from another cache is passed on from there,
 * without being unpacked here.
 */
import { resolve } from 'node:path';
import { KnownError } from '../../diagnostics/known-error.ts';
import { splitRepository } from '../../distribution/fetch-layer.ts';
import type { Store } from '../../distribution/store.ts';
import type { Digest } from '../../image/digest.ts';
import { layerCompression } from '../../image/media-type.ts';
import type { Platform } from '../../image/platform.ts';
import type { RegistryClient } from '../../image/registry/registry-client.ts';
import type { CacheStore } from '../cache/cache-store.ts';
import type { ImportedLayer, ImportedSteps } from '../cache/imported-steps.ts';
import type { Vertex } from '../graph/vertex.ts';
import type { SolvedVertex } from '../solver/op-runner.ts';
import type { CacheArtifact } from './cache-artifact.ts';
import { cacheConfig } from './cache-config.ts';
import type { CachePlace, OutgoingBlob, PlaceOptions } from './cache-place.ts';
import { type CacheFormat, type CacheSource, placeName, type StoredCacheDestination } from './cache-place-spec.ts';
import { type Collected, collectRecords, type Selections } from './collect-records.ts';
import { localPlace } from './local-place.ts';
import { readArtifact } from './read-artifact.ts';
import { registryPlace } from './registry-place.ts';
import { outgoingLayers, writeArtifact } from './write-artifact.ts';

/** A build whose steps are told of. */
export interface SolvedBuild {
  /** Of the graph, inputs before their users. */
  readonly vertices: readonly Vertex[];
  readonly solved: ReadonlyMap<Digest, SolvedVertex>;
  readonly selections: Selections;
  /** Vertices whose layers are the result's own: what `mode=min` exports. */
  readonly result: ReadonlySet<Digest>;
  /** Layers that the result has on top of its base. */
  readonly ownLayers: number;
}

export interface ExportCacheOptions extends PlaceOptions {
  readonly store: Store;
  readonly cache: Pick<CacheStore, 'lookup'>;
  readonly imports: ImportedSteps | undefined;
  client(): Promise<RegistryClient>;
  readonly cwd: string;
  readonly platform: Platform;
  /** --allow-secret-leak: layers with secrets go along. */
  readonly allowSecretLeak: boolean;
  /** Cache mounts to go along, given what the place has; without them those that the place has stay. */
  mounts?(place: CachePlace, before: CacheArtifact['mounts']): Promise<readonly OutgoingBlob[]>;
}

export interface ExportedCache {
  readonly records: number;
  readonly layers: number;
  /** Names of steps that stay here, since a secret is in their layers. */
  readonly leaking: readonly string[];
}

/** @throws KnownError REGISTRY_*, DISK_FULL, PERMISSION_DENIED */
export async function exportCache(
  build: SolvedBuild,
  destination: StoredCacheDestination,
  options: ExportCacheOptions,
): Promise<ExportedCache> {
  const place = openPlace(destination, options);
  const before = await artifactThere(place, options);
  const mounts = options.mounts ? await options.mounts(place, before?.mounts) : mountsThere(place, before, options);
  const write = async (imports: ImportedSteps | undefined): Promise<ExportedCache> => {
    const { records, leaking } = await collect(build, destination, { ...options, imports });
    const { config, layers } = cacheConfig(records);
    const blobs = await outgoingLayers(place, layers, { ...options, format: destination });
    await writeArtifact(place, { config, layers: blobs, mounts }, { ...options, format: destination });
    return { records: records.length, layers: layers.length, leaking };
  };
  try {
    return await write(options.imports);
  } catch (error) {
    options.signal.throwIfAborted();
    // What another cache promised may be gone; what is here can be told all the same.
    if (!options.imports) throw error;
    return await write(undefined);
  }
}

/** Opens nothing yet. @throws KnownError REFERENCE_INVALID */
export function openPlace(
  place: CacheSource | StoredCacheDestination,
  { cwd, client }: Pick<ExportCacheOptions, 'cwd' | 'client'>,
): CachePlace {
  if (place.type === 'registry') return registryPlace(place.ref, client);
  const name = placeName(place);
  if ('src' in place) return localPlace(resolve(cwd, place.src), { name, tag: place.tag, digest: place.digest });
  return localPlace(resolve(cwd, place.dest), { name, tag: place.tag });
}

/** What cannot be read is replaced. */
export async function artifactThere(
  place: CachePlace,
  { platform, signal }: Pick<ExportCacheOptions, 'platform' | 'signal'>,
): Promise<CacheArtifact | undefined> {
  try {
    return await readArtifact(place, { platform, signal });
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof KnownError) return undefined;
    throw error;
  }
}

/** The mounts of an artifact as they are at the place. */
export function mountsThere(
  place: CachePlace,
  artifact: CacheArtifact | undefined,
  { signal }: Pick<PlaceOptions, 'signal'>,
): readonly OutgoingBlob[] {
  if (!artifact?.mounts) return [];
  const origin = place.repository === undefined ? undefined : splitRepository(place.repository);
  return [artifact.mounts.index, ...artifact.mounts.packs].map((descriptor) => {
    return { descriptor, open: () => place.open(descriptor, { signal }), origin };
  });
}

function collect(
  { vertices, result, ...build }: SolvedBuild,
  { mode, ...format }: StoredCacheDestination,
  options: ExportCacheOptions,
): Promise<Collected> {
  return collectRecords(vertices, {
    ...build,
    ...options,
    hasLayers: ({ digest }) => mode === 'max' || result.has(digest),
    ...(format.forceCompression ? { needsFiles: (layer) => !isCompressedAs(layer, format) } : {}),
    bring: { signal: options.signal, progress: () => undefined },
  });
}

function isCompressedAs({ blob }: ImportedLayer, { compression }: CacheFormat): boolean {
  return layerCompression(blob.mediaType) === (compression === 'uncompressed' ? 'none' : compression);
}
