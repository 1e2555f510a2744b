import { layerCompression, MEDIA_TYPE } from '../image/media-type.ts';

/** Whose media types a manifest speaks in; the structure is the same. */
export type ManifestFormat = 'oci' | 'docker';

/** A layer's media type in the words of a format, as BuildKit converts base layers; what is no known layer stays. */
export function withFormat(mediaType: string, format: ManifestFormat): string {
  switch (layerCompression(mediaType)) {
    case 'none':
      return format === 'oci' ? MEDIA_TYPE.ociLayer : MEDIA_TYPE.dockerLayer;
    case 'gzip':
      return format === 'oci' ? MEDIA_TYPE.ociLayerGzip : MEDIA_TYPE.dockerLayerGzip;
    case 'zstd':
      return format === 'oci' ? MEDIA_TYPE.ociLayerZstd : MEDIA_TYPE.dockerLayerZstd;
    case undefined:
      return mediaType;
  }
}
