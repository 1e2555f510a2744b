import { mkdirSync, rmSync } from 'node:fs';
import { identityText, type MountIdentity } from '../cache/mount-folder.ts';
import type { PlaceOptions } from './cache-place.ts';
import { fillMount } from './fill-mount.ts';
import { type OpenedSource, unusable } from './imported-cache.ts';
import type { MountListing, MountsIndex } from './mounts-index.ts';
import { readMountsIndex } from './read-mounts-index.ts';

export interface ImportedMountsOptions extends Pick<PlaceOptions, 'onProgress'> {
  /** Told why a source is of no use. */
  notice(text: string): void;
}

/** The cache mounts of other stores: indexes are read when a step first asks for a mount, packs when it gets one. */
export class ImportedMounts {
  readonly #sources: readonly OpenedSource[];
  readonly #options: ImportedMountsOptions;
  readonly #indexes = new Map<OpenedSource, Promise<MountsIndex | undefined>>();

  constructor(sources: readonly OpenedSource[], options: ImportedMountsOptions) {
    this.#sources = sources.filter(({ artifact }) => artifact.mounts !== undefined);
    this.#options = options;
  }

  /** Fills an empty folder from the first source that has the mount; false, and an empty folder, when none could. */
  async fill(identity: MountIdentity, dir: string, signal: AbortSignal): Promise<boolean> {
    for (const source of this.#sources) {
      const index = await this.#index(source, signal);
      const listing = index?.mounts.find((mount) => isSame(mount.identity, identity));
      if (index && listing && (await this.#fillFrom(source, { index, listing, dir, signal }))) return true;
    }
    return false;
  }

  async #fillFrom(
    { place, artifact }: OpenedSource,
    { index, listing, dir, signal }: { index: MountsIndex; listing: MountListing; dir: string; signal: AbortSignal },
  ): Promise<boolean> {
    const { onProgress, notice } = this.#options;
    try {
      await fillMount(place, listing, dir, { index, packs: artifact.mounts?.packs ?? [], signal, onProgress });
      return true;
    } catch (error) {
      signal.throwIfAborted();
      notice(unusable(place.name, error));
      rmSync(dir, { recursive: true, force: true });
      mkdirSync(dir);
      return false;
    }
  }

  #index(source: OpenedSource, signal: AbortSignal): Promise<MountsIndex | undefined> {
    const pending = this.#indexes.get(source) ?? this.#readIndex(source, signal);
    this.#indexes.set(source, pending);
    return pending;
  }

  async #readIndex({ place, artifact }: OpenedSource, signal: AbortSignal): Promise<MountsIndex | undefined> {
    try {
      return artifact.mounts && (await readMountsIndex(place, artifact.mounts, { signal }));
    } catch (error) {
      signal.throwIfAborted();
      this.#options.notice(unusable(place.name, error));
      return undefined;
    }
  }
}

function isSame(a: MountIdentity, b: MountIdentity): boolean {
  return a.kind === b.kind && identityText(a) === identityText(b);
}
