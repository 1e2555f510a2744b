import type { OnTransfer } from '../../distribution/transfer.ts';
import type { Descriptor } from '../../image/descriptor.ts';
import type { Digest } from '../../image/digest.ts';
import type { ManifestToPush } from '../../image/registry/push-manifest.ts';

/** A manifest or index as it was stored. */
export interface StoredManifest {
  readonly descriptor: Descriptor;
  readonly bytes: Buffer;
}

/** A blob and how to get at its bytes if the place turns out not to have it. */
export interface OutgoingBlob {
  readonly descriptor: Descriptor;
  open(): AsyncIterable<Buffer>;
  /** A repository that is known to have it. */
  readonly origin?: { readonly registry: string; readonly repository: string } | undefined;
}

export interface PlaceOptions {
  readonly signal: AbortSignal;
  readonly onProgress?: OnTransfer | undefined;
}

/** A folder or a repository that holds an artifact under one name. */
export interface CachePlace {
  /** As the user wrote it. */
  readonly name: string;
  /** `registry/repository`, where it is one: pushes to the same registry need not send what is there. */
  readonly repository?: string;
  /** What the name stands for; undefined when there is nothing. @throws KnownError */
  root(signal: AbortSignal): Promise<StoredManifest | undefined>;
  /** A manifest of the place by digest, verified. @throws KnownError */
  manifest(digest: Digest, signal: AbortSignal): Promise<StoredManifest>;
  /** The bytes of a blob, verified: nothing of it may be used before it ended well. @throws KnownError */
  open(blob: Descriptor, options: PlaceOptions): AsyncIterable<Buffer>;
  /** Whether the blob can be had, as far as that is known without fetching it. */
  has(blob: Descriptor, signal: AbortSignal): Promise<boolean>;
  /** Makes the place have a blob; `open` is called only when it does not. */
  put(blob: OutgoingBlob, options: PlaceOptions): Promise<void>;
  /** Makes the name stand for a manifest whose blobs are there; an inner one of an index goes first. */
  publish(manifests: readonly ManifestToPush[], signal: AbortSignal): Promise<Descriptor>;
}

/** A small blob at once. @throws KnownError as `open`; the blob's own size is its bound */
export async function readBlob(
  place: Pick<CachePlace, 'open'>,
  blob: Descriptor,
  options: PlaceOptions,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of place.open(blob, options)) chunks.push(chunk);
  return Buffer.concat(chunks);
}
