import { KnownError } from '../diagnostics/known-error.ts';

type Brand<T, Name extends string> = T & { readonly __brand: Name };

/** Content address of a blob as stored and sent (compressed layers included). image-spec descriptor.md, "Digests". */
export type Digest = Brand<`sha256:${string}`, 'Digest'>;

/** Digest of an uncompressed layer tar; `rootfs.diff_ids` holds these. image-spec config.md, "Layer DiffID". */
export type DiffId = Brand<`sha256:${string}`, 'DiffId'>;

/** Digest of a stack of diffs, lowest first. image-spec config.md, "Layer ChainID". */
export type ChainId = Brand<`sha256:${string}`, 'ChainId'>;

const SHA256 = /^sha256:[0-9a-f]{64}$/;

export function isDigest(text: unknown): text is Digest {
  return typeof text === 'string' && SHA256.test(text);
}

/** @throws KnownError IMAGE_CORRUPT when the text, which came from elsewhere, is no sha256 digest. */
export function parseDigest(text: unknown): Digest {
  if (isDigest(text)) return text;
  throw new KnownError('IMAGE_CORRUPT', `${JSON.stringify(text)} is not a sha256 digest.`);
}

/** The hex part, which names files in a content store. */
export function digestHex(digest: Digest | DiffId | ChainId): string {
  return digest.slice('sha256:'.length);
}
