import { layerSnapshot } from '../distribution/layer-chain.ts';
import { layoutImage } from '../distribution/layout-image.ts';
import { pullImage } from '../distribution/pull-image.ts';
import type { Store } from '../distribution/store.ts';
import { unpackImage } from '../distribution/unpack-image.ts';
import type { Digest } from '../image/digest.ts';
import { formatPlatform } from '../image/parse-platform.ts';
import type { Platform } from '../image/platform.ts';
import { formatReference, parseReference, type Reference, withDefaultTag, withDigest } from '../image/reference.ts';
import type { RegistryClient } from '../image/registry/registry-client.ts';
import type { StoredImage, StoredLayer } from '../image/store/stored-image.ts';
import type { Snapshot } from '../rootfs/snapshot.ts';
import type { BuiltLayer } from './export/built-image.ts';
import type { BaseImageResolver, ResolvedImage } from './frontend/build-plan.ts';
import type { ImageOp } from './graph/op.ts';
import { parseLayoutReference } from './layout-reference.ts';
import type { EmitBuildEvent } from './progress/build-event.ts';
import { reportVertex } from './report-vertex.ts';
import type { OpContext } from './solver/op-runner.ts';

export interface BaseImagesOptions {
  readonly store: Store;
  readonly client: () => Promise<RegistryClient>;
  /** Ask the registry even when the store has the reference. */
  readonly pull: boolean;
  readonly emit: EmitBuildEvent;
}

/**
 * The images that one build stands on. A reference that the store has is taken as it stands, without the network; each is
 * resolved once a build, so that a tag that moves meanwhile cannot split it.
 */
export class BaseImages implements BaseImageResolver {
  readonly #options: BaseImagesOptions;
  readonly #resolved = new Map<string, Promise<ResolvedImage>>();
  readonly #images = new Map<Digest, StoredImage>();

  constructor(options: BaseImagesOptions) {
    this.#options = options;
  }

  resolve(text: string, platform: Platform, signal: AbortSignal): Promise<ResolvedImage> {
    const reference = parseLayoutReference(text) ? undefined : withDefaultTag(parseReference(text));
    const name = `${reference ? formatReference(reference) : text} ${formatPlatform(platform)}`;
    const resolve = () =>
      reference ? this.#resolve(reference, platform, signal) : this.#resolveLayout(text, platform, signal);
    const pending = this.#resolved.get(name) ?? resolve();
    this.#resolved.set(name, pending);
    return pending;
  }

  /** A resolved base's layers, lowest first: as snapshots where they are unpacked, as blobs where it came from a registry. */
  layers(manifestDigest: Digest): Promise<readonly BuiltLayer[]> {
    const { layers } = this.#image(manifestDigest);
    const { store } = this.#options;
    return Promise.all(
      layers.map(async ({ diffId, size, blob }, index) => {
        return { diffId, sizeBytes: size, blob, snapshot: await layerSnapshot(store, layers, index) };
      }),
    );
  }

  /** As the store has them, lowest first; undefined for an image that this build does not stand on. */
  storedLayers(manifestDigest: Digest): readonly StoredLayer[] | undefined {
    return this.#images.get(manifestDigest)?.layers;
  }

  /** The base's files as a chain of snapshots; see `unpackImage`. */
  async unpack(op: ImageOp, { signal, progress }: OpContext): Promise<Snapshot | undefined> {
    const client = await this.#options.client();
    return unpackImage(this.#options.store, this.#image(op.manifestDigest), { client, signal, onProgress: progress });
  }

  #image(manifestDigest: Digest): StoredImage {
    const image = this.#images.get(manifestDigest);
    if (!image) throw new Error(`the base ${manifestDigest} was never resolved`);
    return image;
  }

  async #resolve(reference: Reference, platform: Platform, signal: AbortSignal): Promise<ResolvedImage> {
    const image =
      (!this.#options.pull && this.#stored(reference, platform)) || (await this.#pull(reference, platform, signal));
    const manifestDigest = image.manifest?.digest ?? image.id;
    const shown = image.manifest && reference.digest === undefined ? withDigest(reference, manifestDigest) : reference;
    return this.#resolvedImage(image, formatReference(shown));
  }

  async #resolveLayout(text: string, platform: Platform, signal: AbortSignal): Promise<ResolvedImage> {
    const layout = parseLayoutReference(text);
    if (!layout) throw new Error(`${text} is no OCI layout`);
    const { store, emit } = this.#options;
    const image = await reportVertex(emit, `[internal] load metadata for ${text}`, () =>
      layoutImage(store, { ...layout, platform, signal }),
    );
    return this.#resolvedImage(image, text);
  }

  #resolvedImage(image: StoredImage, reference: string): ResolvedImage {
    const manifestDigest = image.manifest?.digest ?? image.id;
    this.#images.set(manifestDigest, image);
    this.#options.store.images.noteUse(image.id);
    return {
      reference,
      manifestDigest,
      platform: image.platform,
      config: this.#options.store.images.config(image.id),
    };
  }

  #stored(reference: Reference, platform: Platform): StoredImage | undefined {
    const { images } = this.#options.store;
    const stored = images.getReference(formatReference(reference));
    const found = stored?.images.find((image) => formatPlatform(image.platform) === formatPlatform(platform));
    return found && images.get(found.id);
  }

  async #pull(reference: Reference, platform: Platform, signal: AbortSignal): Promise<StoredImage> {
    const { store, client, emit } = this.#options;
    return reportVertex(emit, `[internal] load metadata for ${formatReference(reference)}`, async () =>
      pullImage(store, await client(), { reference, platform, signal }),
    );
  }
}
