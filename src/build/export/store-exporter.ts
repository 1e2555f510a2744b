import type { Platform } from '../../image/platform.ts';
import type { StoredLayer } from '../../image/store/stored-image.ts';
import type { BuiltImage, BuiltLayer } from './built-image.ts';
import type { Exporter } from './exporter.ts';

/**
 * Into the store: the config becomes a blob, layers stay the snapshots they are. Nothing is compressed until the image
 * leaves the store.
 */
export const storeExporter: Exporter = {
  async export({ image, names }, { store, progress }) {
    const { digest } = store.blobs.writeBytes(configBytes(image));
    await store.images.put({
      id: digest,
      platform: platformOf(image),
      layers: image.layers.map(storedLayer),
      createdMs: Date.parse(image.config.created ?? '') || 0,
      storedMs: Date.now(),
      // A manifest that was written without them, or with others, is this image's no more.
      annotations: image.annotations,
      ...(image.annotations ? { manifest: undefined } : {}),
    });
    for (const name of names) {
      await store.images.setReference(name, { images: [{ id: digest, platform: platformOf(image) }] });
      progress({ id: `naming to ${name}`, current: 0, total: undefined, done: true });
    }
    return { imageId: digest };
  },
};

/** The config as it is stored, pushed and hashed: its digest is the image's id. */
export function configBytes({ config }: BuiltImage): Buffer {
  return Buffer.from(JSON.stringify(config));
}

export function platformOf({ config: { os, architecture, variant } }: BuiltImage): Platform {
  return { os, architecture, ...(variant === undefined ? {} : { variant }) };
}

function storedLayer({ diffId, sizeBytes, snapshot, blob }: BuiltLayer): StoredLayer {
  return {
    diffId,
    ...(sizeBytes === undefined ? {} : { size: sizeBytes }),
    ...(snapshot === undefined ? {} : { snapshotId: snapshot.id }),
    ...(blob === undefined ? {} : { blob }),
  };
}
