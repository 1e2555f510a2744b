/**
 * The caches of one build that lie outside of its store: opened before its steps are solved, given up one by one when they
 * turn out broken, written when the image is made. It decides when, and `exchange/` how.
 */

import { join } from 'node:path';
import { stripControl } from '../diagnostics/redact.ts';
import type { RegistryAccess } from '../distribution/registry-access.ts';
import type { Store } from '../distribution/store.ts';
import type { Transfer } from '../distribution/transfer.ts';
import type { Digest } from '../image/digest.ts';
import type { BaseImages } from './base-images.ts';
import type { BuildOptions } from './build-options.ts';
import type { CacheStore } from './cache/cache-store.ts';
import { BrokenImportError, type ImportedStep, type ImportedSteps } from './cache/imported-steps.ts';
import { listMounts, type MountIdentity } from './cache/mount-folder.ts';
import type { LeftOut } from './exchange/bound-mounts.ts';
import type { PlaceOptions } from './exchange/cache-place.ts';
import type { CacheSource, StoredCacheDestination } from './exchange/cache-place-spec.ts';
import { placeName } from './exchange/cache-place-spec.ts';
import { type ExportCacheOptions, exportCache, openPlace, type SolvedBuild } from './exchange/export-cache.ts';
import { exportMounts } from './exchange/export-mounts.ts';
import { ImportedCache, type OpenedSource, unusable } from './exchange/imported-cache.ts';
import { ImportedMounts } from './exchange/imported-mounts.ts';
import { inlineCache } from './exchange/inline-cache.ts';
import { readArtifact } from './exchange/read-artifact.ts';
import type { BuiltImage } from './export/built-image.ts';
import type { BuildPlan } from './frontend/build-plan.ts';
import type { EmitBuildEvent } from './progress/build-event.ts';
import { reportVertex } from './report-vertex.ts';
import type { Solution } from './solver/solver.ts';

export interface TravellingCacheOptions {
  readonly options: BuildOptions;
  readonly store: Store;
  readonly registry: RegistryAccess;
  readonly images: BaseImages;
  readonly emit: EmitBuildEvent;
  readonly plan: BuildPlan;
  /** See OpEnvironment. */
  readonly project: string | undefined;
}

export class TravellingCache {
  readonly #options: TravellingCacheOptions;
  readonly #selections = new Map<Digest, Map<string, Digest>>();
  #sources: readonly OpenedSource[] = [];
  #imports: ImportedSteps | undefined;
  #mounts: ImportedMounts | undefined;

  constructor(options: TravellingCacheOptions) {
    this.#options = options;
  }

  /** undefined when there is no source, or none that could be read. */
  get imports(): ImportedSteps | undefined {
    return this.#imports;
  }

  /** Whether the result of the target is exported as layers that nobody unpacks: then they must be those of the image. */
  passesOn({ epochSeconds }: ImportedStep): boolean {
    const { options, plan } = this.#options;
    const needsFiles = (options.exports ?? []).some(
      ({ type, compression }) => type === 'local' || type === 'tar' || compression !== 'gzip',
    );
    return !needsFiles && epochSeconds === plan.epochSeconds;
  }

  /** Reads what the sources have; those that cannot be read are told of. */
  async open(): Promise<void> {
    const { options } = this.#options;
    const opened = await Promise.all((options.cacheFrom ?? []).map((source) => this.#open(source)));
    this.#use(opened.filter((source) => source !== undefined));
  }

  /** Told while keys are made. */
  readonly onSelection = (key: Digest, { name, digest }: { readonly name: string; readonly digest: Digest }): void => {
    const known = this.#selections.get(key) ?? new Map<string, Digest>();
    this.#selections.set(key, known.set(name, digest));
  };

  /** Fills a new cache mount, where a source has it. */
  readonly fillMount = async (identity: MountIdentity, dir: string, signal: AbortSignal): Promise<boolean> => {
    return (await this.#mounts?.fill(identity, dir, signal)) ?? false;
  };

  /** Gives up the source that an error is about; false when it is about none. */
  giveUp(error: unknown): boolean {
    if (!(error instanceof BrokenImportError)) return false;
    const rest = this.#sources.filter(({ place }) => place.name !== error.source);
    if (rest.length === this.#sources.length) return false;
    this.#notice(unusable(error.source, error));
    this.#use(rest);
    return true;
  }

  /** The image with its cache in its config, where that was asked for. */
  async inline(image: BuiltImage, solution: Solution, cache: CacheStore): Promise<BuiltImage> {
    const { options, store } = this.#options;
    if (!options.cacheTo?.some(({ type }) => type === 'inline')) return image;
    return inlineCache(image, this.#solved(solution), {
      ...{ store, cache, imports: this.#imports },
      epochSeconds: image.epochSeconds,
      allowSecretLeak: options.allowSecretLeak ?? false,
      signal: options.signal,
    });
  }

  /** Writes to every place that was asked for, one after the other. */
  async export(solution: Solution, cache: CacheStore): Promise<void> {
    for (const destination of this.#options.options.cacheTo ?? [])
      if (destination.type !== 'inline') await this.#export(destination, solution, cache);
  }

  async #export(destination: StoredCacheDestination, solution: Solution, cache: CacheStore): Promise<void> {
    const { options, store, registry, emit, plan } = this.#options;
    const name = placeName(destination);
    try {
      const exported = await reportVertex(emit, `exporting cache to ${name}`, (progress) => {
        const onProgress = (transfer: Transfer) => (transfer.skipped === 'present' ? undefined : progress(transfer));
        return exportCache(this.#solved(solution), destination, {
          ...{ store, cache, onProgress, imports: this.#imports },
          client: () => registry.client(),
          cwd: options.cwd,
          platform: plan.platform,
          allowSecretLeak: options.allowSecretLeak ?? false,
          signal: options.signal,
          ...(destination.mounts ? { mounts: this.#mountsFor(destination, onProgress) } : {}),
        });
      });
      for (const step of exported.leaking)
        this.#notice(
          `A secret is in the layer of ${step}, so the cache ${name} does not have it (--allow-secret-leak).`,
        );
    } catch (error) {
      options.signal.throwIfAborted();
      if (!destination.ignoreError) throw error;
      this.#notice(`The cache was not exported to ${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  /** The mounts that steps of this build have, whether or not they ran. */
  #mountsFor(
    destination: StoredCacheDestination,
    onProgress: PlaceOptions['onProgress'],
  ): ExportCacheOptions['mounts'] {
    const { options, store, plan, project } = this.#options;
    const ids = new Set(
      plan.graph.vertices.flatMap(({ op }) =>
        op.kind === 'exec' ? op.mounts.flatMap((mount) => (mount.type === 'cache' ? [mount.id] : [])) : [],
      ),
    );
    const isOwn = (identity: MountIdentity) =>
      identity.kind === 'cache' ? ids.has(identity.id) : identity.project === project;
    return async (place, before) => {
      const mounts = listMounts(join(store.root, 'mounts')).filter(({ identity }) => isOwn(identity));
      const { maxMountBytes: maxBytes } = destination;
      const how = { before, format: destination, maxBytes, signal: options.signal, onProgress };
      const { blobs, leftOut } = await exportMounts(place, mounts, how);
      if (leftOut) this.#notice(leftOutText(place.name, leftOut));
      return blobs;
    };
  }

  async #open(source: CacheSource): Promise<OpenedSource | undefined> {
    const { options, registry, emit, plan } = this.#options;
    const name = placeName(source);
    const { signal, cwd } = options;
    try {
      return await reportVertex(emit, `importing cache manifest from ${name}`, async () => {
        const place = openPlace(source, { cwd, client: () => registry.client() });
        const artifact = await readArtifact(place, { platform: plan.platform, signal });
        if (artifact) return { place, artifact };
        this.#notice(`There is no cache ${name} yet.`);
        return undefined;
      });
    } catch (error) {
      signal.throwIfAborted();
      this.#notice(unusable(name, error));
      return undefined;
    }
  }

  #use(sources: readonly OpenedSource[]): void {
    const { options, store, registry, images, plan } = this.#options;
    this.#sources = sources;
    this.#mounts = new ImportedMounts(sources, { notice: (text) => this.#notice(text) });
    if (sources.length === 0) {
      this.#imports = undefined;
      return;
    }
    this.#imports = new ImportedCache(sources, {
      store,
      client: { fetchBlob: (...args) => registry.fetchBlob(...args) },
      baseLayers: (manifestDigest) => images.storedLayers(manifestDigest),
      bringsBlobs: (options.exports ?? [{ type: 'store' }]).some(({ type }) => type !== 'registry'),
      epochSeconds: plan.epochSeconds,
    });
  }

  #solved({ vertices: solved }: Solution): SolvedBuild {
    const { graph, history } = this.#options.plan;
    const own = history.flatMap(({ vertex }) => vertex ?? []);
    // COPY --link is found by the key of its difference, which has the same layer.
    const linked = own.flatMap(({ op, inputs }) => (op.kind === 'merge' ? (inputs.at(-1) ?? []) : []));
    const result = new Set([...own, ...linked].map(({ digest }) => digest));
    return { vertices: graph.vertices, solved, selections: this.#selections, result, ownLayers: own.length };
  }

  #notice(text: string): void {
    this.#options.emit({ type: 'notice', timeMs: Date.now(), text: stripControl(text) });
  }
}

function leftOutText(place: string, { files, bytes, usedMs }: LeftOut): string {
  const size = `${Math.ceil(bytes / 1e6)} MB`;
  return `The cache ${place} is full: ${files} files of cache mounts (${size}) stay here, last used before ${new Date(usedMs).toISOString()} (max-size).`;
}

/** Errors of an export that can be the fault of a cache whose layers were to be passed on. */
const OF_CONTENT: readonly string[] = ['DIGEST_MISMATCH', 'REGISTRY_NOT_FOUND', 'IMAGE_CORRUPT', 'STORE_CORRUPT'];

/** The error of an export of layers that were never fetched here. */
export function exportError(error: unknown, { imported }: Solution): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return imported && OF_CONTENT.includes(code) ? new BrokenImportError(imported.source, error) : error;
}
