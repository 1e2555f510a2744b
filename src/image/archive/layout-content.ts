import { digestOf } from '../compression/verify-stream.ts';
import type { Descriptor, ImageIndex } from '../descriptor.ts';
import type { Digest } from '../digest.ts';
import { MEDIA_TYPE } from '../media-type.ts';
import { manifestMediaType } from '../parse-manifest.ts';
import { parseReference } from '../reference.ts';
import { ANNOTATION } from '../store/image-layout.ts';
import { type Exportable, type ExportableImage, imagesOf } from './exportable-image.ts';

/** A blob that goes into a layout. */
export interface LayoutBlob {
  readonly digest: Digest;
  readonly size: number;
  open(): AsyncIterable<Buffer> | Iterable<Buffer>;
}

/** Every blob that these images consist of, each once, ordered by digest as docker and BuildKit write them. */
export function layoutBlobs(exportables: readonly Exportable[]): LayoutBlob[] {
  const blobs = exportables.flatMap((exportable) => [
    ...('index' in exportable ? [memoryBlob(exportable.index)] : []),
    ...imagesOf(exportable).flatMap(imageBlobs),
  ]);
  return [...new Map(blobs.map((blob) => [blob.digest, blob])).values()].sort((a, b) => (a.digest < b.digest ? -1 : 1));
}

function imageBlobs({ config, manifest, layers }: ExportableImage): LayoutBlob[] {
  return [
    memoryBlob(config),
    memoryBlob(manifest),
    ...layers.map(({ descriptor, open }) => ({ digest: descriptor.digest, size: descriptor.size, open: () => open() })),
  ];
}

function memoryBlob(bytes: Buffer): LayoutBlob {
  return { digest: digestOf(bytes), size: bytes.length, open: () => [bytes] };
}

/**
 * The layout's `index.json`: an entry a name, in the annotations of which containerd, docker, podman and skopeo
 * look.
 */
export function layoutIndex(exportables: readonly Exportable[]): ImageIndex {
  return {
    schemaVersion: 2,
    mediaType: MEDIA_TYPE.ociIndex,
    manifests: exportables.flatMap((exportable) => {
      const descriptor = topDescriptor(exportable);
      const names = exportable.names.length > 0 ? exportable.names : [undefined];
      return names.map((name) => withAnnotations(descriptor, { ...exportable.annotations, ...nameAnnotations(name) }));
    }),
  };
}

function topDescriptor(exportable: Exportable): Descriptor {
  if ('index' in exportable) return describe(exportable.index, MEDIA_TYPE.ociIndex);
  return { ...describe(exportable.manifest, MEDIA_TYPE.ociManifest), platform: exportable.platform };
}

function describe(bytes: Buffer, mediaType: string): Descriptor {
  return { mediaType: manifestMediaType(bytes, mediaType), digest: digestOf(bytes), size: bytes.length };
}

/** The specification's own annotation holds the tag alone, as BuildKit and containerd write it. */
function nameAnnotations(name: string | undefined): Record<string, string> {
  if (name === undefined) return {};
  return { [ANNOTATION.containerdName]: name, [ANNOTATION.refName]: parseReference(name).tag ?? name };
}

function withAnnotations(descriptor: Descriptor, annotations: Readonly<Record<string, string>>): Descriptor {
  const sorted = Object.entries(annotations).sort(([a], [b]) => (a < b ? -1 : 1));
  if (sorted.length === 0) return descriptor;
  const { platform, ...rest } = descriptor;
  return { ...rest, annotations: Object.fromEntries(sorted), ...(platform && { platform }) };
}
