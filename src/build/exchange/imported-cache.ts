/**
 * The records of other stores, as the sources of --cache-from have them. Opening reads manifests and configs; blobs are
 * fetched when a step or an export needs them. What surprises: nothing here fails a build. A source that cannot be read is
 * told of and left out, and one that breaks later throws BrokenImportError, after which the build goes on without it.
 */

import { stripControl } from '../../diagnostics/redact.ts';
import { splitRepository } from '../../distribution/fetch-layer.ts';
import type { Store } from '../../distribution/store.ts';
import { unpackedLayers, unpackLayers } from '../../distribution/unpack-image.ts';
import type { Descriptor } from '../../image/descriptor.ts';
import type { DiffId, Digest } from '../../image/digest.ts';
import type { RegistryClient } from '../../image/registry/registry-client.ts';
import { together } from '../../image/registry/together.ts';
import type { StoredLayer } from '../../image/store/stored-image.ts';
import type { Snapshot } from '../../rootfs/snapshot.ts';
import {
  type BringOptions,
  BrokenImportError,
  type ImportedLayer,
  type ImportedStep,
  type ImportedSteps,
} from '../cache/imported-steps.ts';
import { layerStack } from '../graph/layer-stack.ts';
import type { Vertex } from '../graph/vertex.ts';
import type { CacheArtifact, CacheEntry } from './cache-artifact.ts';
import type { CachePlace } from './cache-place.ts';

/** A source and what it has. */
export interface OpenedSource {
  readonly place: CachePlace;
  readonly artifact: CacheArtifact;
}

export interface ImportedCacheOptions {
  readonly store: Store;
  /** For layers of base images, which never come from a cache. */
  readonly client: Pick<RegistryClient, 'fetchBlob'>;
  /** Layers of a base that this build resolved, lowest first; undefined for any other. */
  baseLayers(manifestDigest: Digest): readonly StoredLayer[] | undefined;
  /** Exports will send the blobs elsewhere than to the registry they are at, or keep them. */
  readonly bringsBlobs: boolean;
  /** SOURCE_DATE_EPOCH of the build. */
  readonly epochSeconds: number | undefined;
}

interface Located {
  readonly source: OpenedSource;
  readonly entry: CacheEntry;
}

export class ImportedCache implements ImportedSteps {
  readonly #options: ImportedCacheOptions;
  readonly #entries = new Map<Digest, Located>();
  readonly #bringing = new Map<Digest, Promise<void>>();

  /** Of sources that have the same key the first counts; one with the files before one that only knows of them. */
  constructor(sources: readonly OpenedSource[], options: ImportedCacheOptions) {
    this.#options = options;
    for (const source of sources)
      for (const entry of source.artifact.config.records) {
        const known = this.#entries.get(entry.key);
        if (!known || (!this.#layersOf(known) && this.#layersOf({ source, entry })))
          this.#entries.set(entry.key, { source, entry });
      }
  }

  find(vertex: Vertex, key: Digest): ImportedStep | undefined {
    const located = this.#entries.get(key);
    const layers = located && this.#layersOf(located);
    if (!located || !layers || vertex.op.kind === 'image') return undefined;
    const { base, count } = layerStack(vertex);
    if (located.entry.base !== base || layers.length !== count) return undefined;
    const { createdMs, durationMs, epochSeconds } = located.entry;
    const { name } = located.source.place;
    return {
      source: name,
      createdMs,
      durationMs,
      epochSeconds,
      layers,
      prepare: (options) => blamed(name, options, () => this.#prepare(located.source.place, layers, options)),
      snapshot: (options) => this.#snapshot(located, layers, options),
    };
  }

  hasSelections(key: Digest): boolean {
    return this.#entries.get(key)?.entry.selections !== undefined;
  }

  selection(key: Digest, request: string): Digest | undefined {
    const selections = this.#entries.get(key)?.entry.selections;
    return selections && Object.hasOwn(selections, request) ? selections[request] : undefined;
  }

  #layersOf({ source, entry }: Located): readonly ImportedLayer[] | undefined {
    const { epochSeconds } = this.#options;
    if (entry.layers === undefined) return undefined;
    if (entry.epochSeconds !== undefined && entry.epochSeconds !== epochSeconds) return undefined;
    const { config, blobs } = source.artifact;
    return entry.layers.flatMap((index) => {
      const [layer, blob] = [config.layers[index], blobs[index]];
      return layer && blob ? [importedLayer(source.place, layer, blob)] : [];
    });
  }

  async #prepare(place: CachePlace, layers: readonly ImportedLayer[], options: BringOptions): Promise<void> {
    const { store, bringsBlobs } = this.#options;
    const prepare = async ({ blob }: ImportedLayer, signal: AbortSignal): Promise<void> => {
      if (store.blobs.has(blob.digest, blob.size)) return;
      if (bringsBlobs || !place.repository) return this.#bring(place, { blob }, { ...options, signal });
      if (!(await place.has(blob, signal))) throw new Error(`it has no blob ${blob.digest}`);
      await store.layers.addRepository(blob.digest, place.repository);
    };
    await together(layers, prepare, options.signal);
  }

  async #snapshot(
    { source, entry }: Located,
    layers: readonly ImportedLayer[],
    options: BringOptions,
  ): Promise<Snapshot> {
    const { store, client } = this.#options;
    const { signal, progress: onProgress } = options;
    const base = entry.base === undefined ? [] : (this.#options.baseLayers(entry.base) ?? []);
    // A base that cannot be had is no fault of the cache.
    await unpackLayers(store, base, { client, signal, onProgress });
    return blamed(source.place.name, options, async () => {
      const all = [...base, ...layers.map(({ diffId, blob }) => ({ diffId, blob }))];
      const { count } = await unpackedLayers(store, all);
      const missing = layers.slice(Math.max(0, count - base.length));
      await together(
        missing,
        (layer, either) => this.#bring(source.place, layer, { ...options, signal: either }),
        signal,
      );
      const snapshot = await unpackLayers(store, all, { client, signal });
      if (!snapshot) throw new Error('it has a step without a layer');
      return snapshot;
    });
  }

  /** A blob that several steps wait for is fetched once. */
  #bring(place: CachePlace, { blob }: Pick<ImportedLayer, 'blob'>, options: BringOptions): Promise<void> {
    const pending = this.#bringing.get(blob.digest) ?? this.#fetch(place, { blob }, options);
    this.#bringing.set(blob.digest, pending);
    return pending;
  }

  async #fetch(
    place: CachePlace,
    { blob }: Pick<ImportedLayer, 'blob'>,
    { signal, progress }: BringOptions,
  ): Promise<void> {
    const { store } = this.#options;
    if (store.blobs.has(blob.digest, blob.size)) return;
    const { digest: id, size: total } = blob;
    await store.blobs.write(place.open(blob, { signal, onProgress: (transfer) => progress(transfer) }), blob, {
      signal,
    });
    if (place.repository) await store.layers.addRepository(blob.digest, place.repository);
    progress({ id, current: total, total, done: true });
  }
}

function importedLayer(
  place: CachePlace,
  layer: { readonly diffId: DiffId; readonly sizeBytes: number },
  blob: Descriptor,
): ImportedLayer {
  async function* open(signal: AbortSignal): AsyncGenerator<Buffer> {
    try {
      yield* place.open(blob, { signal });
    } catch (error) {
      signal.throwIfAborted();
      throw new BrokenImportError(place.name, error);
    }
  }
  return {
    ...layer,
    blob,
    open,
    origin: place.repository === undefined ? undefined : splitRepository(place.repository),
  };
}

/** Whatever fails is the source's fault, but for an abort. */
async function blamed<T>(source: string, { signal }: BringOptions, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    signal.throwIfAborted();
    throw new BrokenImportError(source, error);
  }
}

/** Why a source is left out, for people. */
export function unusable(source: string, error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  return stripControl(`The cache ${source} is not used: ${reason}`);
}
