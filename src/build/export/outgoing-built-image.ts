import type { OutgoingImage, PrepareOptions } from '../../distribution/outgoing-image.ts';
import type { BuiltImage } from './built-image.ts';
import type { ExportSpec } from './export-spec.ts';
import type { ExportEnvironment } from './exporter.ts';
import { configBytes, platformOf } from './store-exporter.ts';

/** A built image in the form in which images leave the store; it need not be in the store. */
export function outgoingBuiltImage(image: BuiltImage): OutgoingImage {
  return {
    config: configBytes(image),
    platform: platformOf(image),
    layers: image.layers,
    annotations: image.annotations,
  };
}

/** How the blobs of an export are made. */
export function prepareOptions(
  { compression, compressionLevel, type }: ExportSpec,
  { client, signal, progress }: ExportEnvironment,
): PrepareOptions {
  const format = type === 'docker' ? 'docker' : 'oci';
  return { format, compression, compressionLevel, client, signal, onProgress: progress };
}
