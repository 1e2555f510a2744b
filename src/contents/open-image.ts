/**
 * Opens an image wherever it is: by its name or id in the store, as an archive of either kind or an OCI layout on disk, else at its
 * registry, from which it comes into the store as `run` would fetch it. Which one it is, the argument and what is there decide. What
 * surprises: an archive's blobs are copied to a temporary folder first, since the file that says which are needed often comes last.
 */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { KnownError } from '../diagnostics/known-error.ts';
import { stripControl } from '../diagnostics/redact.ts';
import type { OutgoingLayer } from '../distribution/layer-blob.ts';
import { layerBlob } from '../distribution/layer-blob.ts';
import { storeImage } from '../distribution/load-images.ts';
import { outgoingStoredImage } from '../distribution/outgoing-stored-image.ts';
import { pullImage } from '../distribution/pull-image.ts';
import type { RegistryAccess } from '../distribution/registry-access.ts';
import { openStore, type Store } from '../distribution/store.ts';
import { readImageArchive } from '../image/archive/read-image-archive.ts';
import { decompress } from '../image/compression/decompress.ts';
import { layerCompression } from '../image/media-type.ts';
import { hostPlatform } from '../image/parse-platform.ts';
import type { Platform } from '../image/platform.ts';
import { parseReference, withDefaultTag } from '../image/reference.ts';
import { resolveImage } from '../image/store/resolve-image.ts';
import type { StoredImage } from '../image/store/stored-image.ts';
import { attestationsOf } from './attestations.ts';
import type { OpenedImage, OpenedLayer } from './opened-image.ts';

export interface OpenImageOptions {
  /** Name or id in the store, path of an archive or layout, `oci-layout://PATH`, or a reference to a registry. */
  readonly image: string;
  /** Paths are relative to it. */
  readonly cwd: string;
  readonly storeRoot: string;
  readonly registry: RegistryAccess;
  /** Of several that a name stands for; the host's by default. */
  readonly platform?: Platform | undefined;
  readonly signal: AbortSignal;
  /** Before an image that is not here is fetched. */
  onPull?(reference: string): void;
}

const LAYOUT_PREFIX = /^oci-layout:\/\//;
/** What can only be a path. */
const PATH = /^(?:\.{0,2}\/|\.{1,2}$)|\.(?:tar|tgz|tar\.(?:gz|zst|xz|bz2))$/;

/** @throws KnownError IMAGE_NOT_FOUND, ARCHIVE_INVALID, IMAGE_CORRUPT, DIGEST_MISMATCH, REGISTRY_* */
export async function openImage(options: OpenImageOptions): Promise<OpenedImage> {
  const { image: text, cwd, platform } = options;
  const isPath = LAYOUT_PREFIX.test(text) || PATH.test(text);
  const store = openStore(options.storeRoot);
  const stored = isPath ? undefined : resolveImage(store.images, text, platform)?.image;
  if (stored) return openStored(store, stored, { ...options, origin: 'store' });
  const path = resolve(cwd, text.replace(LAYOUT_PREFIX, ''));
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats || isPath) return openFile(path, { ...options, origin: stats?.isDirectory() ? 'layout' : 'archive' });
  const reference = withDefaultTag(parseReference(text));
  options.onPull?.(text);
  const pulled = await pullImage(store, await options.registry.client(), {
    reference,
    platform: platform ?? hostPlatform(),
    signal: options.signal,
  });
  return openStored(store, pulled, { ...options, origin: 'registry' });
}

interface From extends OpenImageOptions {
  readonly origin: OpenedImage['origin'];
}

async function openFile(path: string, options: From): Promise<OpenedImage> {
  const root = mkdtempSync(join(tmpdir(), 'slipway-image-'));
  const remove = () => rmSync(root, { recursive: true, force: true });
  try {
    const store = openStore(root);
    const { platform = hostPlatform(), signal } = options;
    const read = (wanted?: Platform) =>
      readImageArchive(path, store.blobs, { name: options.image, signal, ...(wanted && { platform: wanted }) });
    // An archive of one image alone is that image, whatever machine it is for.
    const [image] = [...(await read(platform)), ...(options.platform ? [] : await read())];
    if (!image) throw noImage(options);
    return await openStored(store, await storeImage(store, image), { ...options, remove, layoutDir: path });
  } catch (error) {
    remove();
    throw error;
  }
}

function noImage({ image, platform }: From): KnownError {
  const wanted = platform ? `${platform.os}/${platform.architecture}` : 'any platform';
  return new KnownError('IMAGE_NOT_FOUND', `${stripControl(image)} has no image for ${wanted}.`);
}

interface Opening extends From {
  remove?(): void;
  readonly layoutDir?: string;
}

async function openStored(store: Store, image: StoredImage, options: Opening): Promise<OpenedImage> {
  const { layers } = await outgoingStoredImage(store, image);
  const opened = layers.map((layer) => openedLayer(store, layer, options));
  return {
    name: options.image,
    origin: options.origin,
    id: image.id,
    manifestDigest: image.manifest?.digest,
    config: store.images.config(image.id),
    layers: opened,
    attestations: attestationsOf(store, image, options.layoutDir),
    async [Symbol.asyncDispose]() {
      options.remove?.();
    },
  };
}

function openedLayer(store: Store, layer: OutgoingLayer, { registry, signal }: Opening): OpenedLayer {
  const { diffId } = layer;
  async function* open(): AsyncGenerator<Buffer> {
    const client = () => registry.client();
    const blob = await layerBlob(store, layer, { compression: 'uncompressed', client, signal });
    const compression = layerCompression(blob.descriptor.mediaType);
    if (!compression) throw unreadable(blob.descriptor.mediaType);
    const name = `layer ${blob.descriptor.digest}`;
    const hash = createHash('sha256');
    for await (const chunk of decompress(blob.open(), compression, { name, errorCode: 'LAYER_CORRUPT' })) {
      hash.update(chunk);
      yield chunk;
    }
    const actual = `sha256:${hash.digest('hex')}`;
    if (actual !== diffId) throw anotherLayer(name, actual, diffId);
  }
  return { diffId, blobBytes: layer.blob?.size, open };
}

function unreadable(mediaType: string): KnownError {
  return new KnownError(
    'IMAGE_CORRUPT',
    `A layer has the media type ${stripControl(mediaType)}, which cannot be read.`,
  );
}

function anotherLayer(name: string, actual: string, diffId: string): KnownError {
  return new KnownError('LAYER_CORRUPT', `The ${name} unpacks to ${actual}, and the image's config names ${diffId}.`, {
    hint: 'The image is damaged; pull it again, or rebuild it.',
  });
}
