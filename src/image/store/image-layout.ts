/** Content of the file `oci-layout`. image-layout.md, "oci-layout file". */
export const IMAGE_LAYOUT = '{"imageLayoutVersion":"1.0.0"}';

/** Annotations of a descriptor in a layout's index that name the image. annotations.md; the second is containerd's. */
export const ANNOTATION = {
  refName: 'org.opencontainers.image.ref.name',
  containerdName: 'io.containerd.image.name',
} as const;
