/**
 * Builds an image again, from nothing and in a store of its own, and says where the result differs. The bases are the
 * ones that the store has; steps, cache mounts and downloads begin anew. What surprises: times in an image can only come
 * out the same when it was built with SOURCE_DATE_EPOCH, which `wasBuiltWithEpoch` guesses from its config.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from '../build/build.ts';
import type { BuildOptions } from '../build/build-options.ts';
import { copyBases } from '../build/copy-bases.ts';
import { layerSnapshot } from '../distribution/layer-chain.ts';
import { RegistryAccess } from '../distribution/registry-access.ts';
import { openStore, type Store } from '../distribution/store.ts';
import { unpackImage } from '../distribution/unpack-image.ts';
import type { ImageConfig } from '../image/image-config.ts';
import { requireImage } from '../image/store/resolve-image.ts';
import type { StoredImage } from '../image/store/stored-image.ts';
import { type ComparedImage, type ImageDifferences, imageDifferences } from './image-differences.ts';

export interface VerifyOptions extends BuildOptions {
  /** Name or id of the image in the store. */
  readonly image: string;
}

export interface Verification {
  readonly imageId: string;
  readonly rebuiltId: string;
  /** Seconds that the rebuild was given as SOURCE_DATE_EPOCH. */
  readonly epochSeconds: number;
  readonly wasBuiltWithEpoch: boolean;
  /** undefined: the images are the same to the last byte. */
  readonly differences: ImageDifferences | undefined;
}

/** @throws KnownError IMAGE_NOT_FOUND, and as `build` */
export async function verifyImage(options: VerifyOptions): Promise<Verification> {
  const store = openStore(options.storeRoot);
  const { image } = requireImage(store.images, options.image);
  const config = store.images.config(image.id);
  const epochSeconds = chosenEpoch(options) ?? Math.floor(image.createdMs / 1000);
  const dir = mkdtempSync(join(tmpdir(), 'slipway-verify-'));
  try {
    await using registry = new RegistryAccess(options.env);
    const other = openStore(join(dir, 'store'));
    await copyBases(store, other, { options, registry });
    const { imageId = '' } = await build({
      ...options,
      storeRoot: other.root,
      tags: [],
      cacheFrom: [],
      // A cache in the image is a part of it; others are nobody's but the build's that made it.
      cacheTo: (options.cacheTo ?? []).filter(({ type }) => type === 'inline'),
      exports: [{ type: 'store', names: [], push: false, compression: 'gzip', tar: true }],
      env: { ...options.env, SOURCE_DATE_EPOCH: String(epochSeconds) },
    });
    const wasBuiltWithEpoch = looksBuiltWithEpoch(config, epochSeconds);
    const verification = { imageId: image.id, rebuiltId: imageId, epochSeconds, wasBuiltWithEpoch };
    if (imageId === image.id) return { ...verification, differences: undefined };
    const compare = (from: Store, which: StoredImage, epoch: number | undefined) =>
      comparedImage(from, which, { epochSeconds: epoch, registry, signal: options.signal });
    const ours = await compare(store, image, wasBuiltWithEpoch ? epochSeconds : undefined);
    const theirs = await compare(other, requireImage(other.images, imageId).image, epochSeconds);
    return { ...verification, differences: imageDifferences(ours, theirs) };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function chosenEpoch({ env, buildArgs }: BuildOptions): number | undefined {
  const text = buildArgs?.SOURCE_DATE_EPOCH ?? env.SOURCE_DATE_EPOCH;
  return text ? Number(text) : undefined;
}

/** Then the image and each step that made a layer have this time, to the second. */
function looksBuiltWithEpoch({ created, history = [] }: ImageConfig, epochSeconds: number): boolean {
  const time = new Date(epochSeconds * 1000).getTime();
  return Date.parse(created ?? '') === time && Date.parse(history.at(-1)?.created ?? '') === time;
}

interface ComparedOptions {
  readonly epochSeconds: number | undefined;
  readonly registry: RegistryAccess;
  readonly signal: AbortSignal;
}

async function comparedImage(
  store: Store,
  image: StoredImage,
  { epochSeconds, registry, signal }: ComparedOptions,
): Promise<ComparedImage> {
  await unpackImage(store, image, { client: await registry.client(), signal });
  const layers = await Promise.all(image.layers.map((_, index) => layerSnapshot(store, image.layers, index)));
  return { config: store.images.config(image.id), layers, epochSeconds };
}
