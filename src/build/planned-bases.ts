import { createHash } from 'node:crypto';
import { layerSnapshot } from '../distribution/layer-chain.ts';
import type { Store } from '../distribution/store.ts';
import type { Digest } from '../image/digest.ts';
import { formatPlatform } from '../image/parse-platform.ts';
import type { Platform } from '../image/platform.ts';
import { formatReference, parseReference, type Reference, withDefaultTag, withDigest } from '../image/reference.ts';
import { fetchImageConfig, pullManifest } from '../image/registry/pull-image.ts';
import type { RegistryClient } from '../image/registry/registry-client.ts';
import type { StoredLayer } from '../image/store/stored-image.ts';
import type { BaseImageResolver, ResolvedImage } from './frontend/build-plan.ts';

export interface PlannedBasesOptions {
  readonly store: Store;
  /** Answers for what the store has, without the network. */
  readonly stored: BaseImageResolver;
  /** Asks the registry what each name stands for now; undefined asks nobody. */
  readonly client: (() => Promise<RegistryClient>) | undefined;
}

/**
 * The bases of a build that is only planned. Nothing is taken into the store: a base that is not there stays unknown, or is
 * known by its manifest and config alone when a registry may be asked.
 */
export class PlannedBases implements BaseImageResolver {
  readonly #options: PlannedBasesOptions;
  readonly #unknown = new Set<Digest>();
  readonly #layers = new Map<Digest, readonly StoredLayer[]>();

  constructor(options: PlannedBasesOptions) {
    this.#options = options;
  }

  /** Nothing is known of it but its name. */
  isUnknown(manifestDigest: Digest): boolean {
    return this.#unknown.has(manifestDigest);
  }

  async resolve(text: string, platform: Platform, signal: AbortSignal): Promise<ResolvedImage> {
    const { store, stored, client } = this.#options;
    if (text.includes('://')) return stored.resolve(text, platform, signal);
    const reference = withDefaultTag(parseReference(text));
    const image = storedImage(store, reference, platform);
    if (client) return this.#ask(reference, platform, { client: await client(), signal });
    if (!image) return this.#placeholder(reference, platform);
    const resolved = await stored.resolve(text, platform, signal);
    this.#layers.set(resolved.manifestDigest, image.layers);
    return resolved;
  }

  /** Compressed bytes that unpacking the base would fetch: those of layers that are neither unpacked nor stored. */
  async bytesToFetch(manifestDigest: Digest): Promise<number | undefined> {
    const { store } = this.#options;
    const layers = this.#layers.get(manifestDigest);
    if (!layers) return undefined;
    let present = layers.length;
    while (present > 0 && !(await layerSnapshot(store, layers, present - 1))) present--;
    return layers
      .slice(present)
      .reduce((sum, { blob }) => sum + (blob && !store.blobs.has(blob.digest, blob.size) ? blob.size : 0), 0);
  }

  async #ask(
    reference: Reference,
    platform: Platform,
    { client, signal }: { readonly client: RegistryClient; readonly signal: AbortSignal },
  ): Promise<ResolvedImage> {
    const { manifest, descriptor } = await pullManifest(client, reference, { platform, signal });
    const { config } = await fetchImageConfig(client, reference, { manifest, signal });
    const layers = manifest.layers.flatMap((blob, index) => {
      const diffId = config.rootfs.diff_ids[index];
      return diffId === undefined ? [] : [{ diffId, blob }];
    });
    this.#layers.set(descriptor.digest, layers);
    const { os, architecture, variant } = config;
    return {
      reference: formatReference(reference.digest ? reference : withDigest(reference, descriptor.digest)),
      manifestDigest: descriptor.digest,
      platform: { os, architecture, ...(variant === undefined ? {} : { variant }) },
      config,
    };
  }

  /** What builds on it has keys that nothing has. */
  #placeholder(reference: Reference, platform: Platform): ResolvedImage {
    const name = formatReference(reference);
    const manifestDigest = `sha256:${createHash('sha256').update(`unknown base ${name}`).digest('hex')}` as Digest;
    this.#unknown.add(manifestDigest);
    const config = { ...platform, config: {}, rootfs: { type: 'layers', diff_ids: [] } } as const;
    return { reference: name, manifestDigest, platform, config };
  }
}

function storedImage({ images }: Store, reference: Reference, platform: Platform) {
  const stored = images.getReference(formatReference(reference));
  const found = stored?.images.find((image) => formatPlatform(image.platform) === formatPlatform(platform));
  return found && images.get(found.id);
}
