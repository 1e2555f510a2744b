import { KnownError } from '../diagnostics/known-error.ts';
import type { Descriptor } from '../image/descriptor.ts';
import type { RegistryClient } from '../image/registry/registry-client.ts';
import type { Store } from './store.ts';

export interface FetchLayerOptions {
  readonly signal: AbortSignal;
  /** Called as bytes come. */
  onBytes?(current: number, total: number): void;
}

/**
 * Brings a layer's blob into the store from a registry that is known to have it; nothing happens when it is there.
 * @throws KnownError IMAGE_CORRUPT when nobody is known to have it; REGISTRY_*, DIGEST_MISMATCH
 */
export async function fetchLayer(
  store: Store,
  client: Pick<RegistryClient, 'fetchBlob'>,
  { blob, ...options }: FetchLayerOptions & { readonly blob: Descriptor },
): Promise<void> {
  await receiveLayer(store, client, { blob, ...options }).done;
}

/** A layer's blob, from its start, that may still be on its way into the store. */
export interface ComingLayer {
  /** The bytes as they come. Only after its end, and only if that was no error, was anything right. */
  open(): AsyncIterable<Buffer>;
  /** Resolves once the store has the blob. Rejects as `fetchLayer` does. */
  readonly done: Promise<unknown>;
}

/** `fetchLayer`, without waiting for it. @throws as `fetchLayer`, partly at once */
export function receiveLayer(
  store: Store,
  client: Pick<RegistryClient, 'fetchBlob'>,
  { blob, ...options }: FetchLayerOptions & { readonly blob: Descriptor },
): ComingLayer {
  if (store.blobs.has(blob.digest, blob.size)) {
    return { open: () => store.blobs.open(blob.digest), done: Promise.resolve() };
  }
  const repository = store.layers.repositories(blob.digest).at(-1);
  if (!repository) {
    throw new KnownError(
      'IMAGE_CORRUPT',
      `The layer ${blob.digest} is not in the store, and no registry is known to have it.`,
      {
        hint: 'Pull, load or import the image again.',
      },
    );
  }
  const source = client.fetchBlob(splitRepository(repository), blob, { signal: options.signal });
  return store.blobs.receive(counted(source, blob.size, options), blob, options);
}

/** `registry/repository` as the layer table has it. */
export function splitRepository(name: string): { registry: string; repository: string } {
  const slash = name.indexOf('/');
  return { registry: name.slice(0, slash), repository: name.slice(slash + 1) };
}

async function* counted(
  source: AsyncIterable<Buffer>,
  total: number,
  { onBytes }: FetchLayerOptions,
): AsyncGenerator<Buffer> {
  let current = 0;
  for await (const chunk of source) {
    current += chunk.length;
    onBytes?.(current, total);
    yield chunk;
  }
}
