import type { Digest } from '../digest.ts';
import { type HttpResponse, header } from './http-transport.ts';
import { RegistryError } from './registry-error.ts';
import type { RegistrySession, RepositoryName } from './registry-session.ts';
import { ONE_ATTEMPT } from './retry.ts';

/** Opens the bytes of a blob anew from their start, each time an upload begins. */
export type OpenBlob = () => AsyncIterable<Uint8Array> | Promise<AsyncIterable<Uint8Array>>;

export interface StartUploadOptions {
  readonly signal?: AbortSignal | undefined;
  readonly mount?: { readonly digest: Digest; readonly from: string } | undefined;
}

/** Where to upload to, or undefined when the registry mounted the blob. distribution-spec, "Pushing Blobs". */
export async function startUpload(
  session: RegistrySession,
  repository: RepositoryName,
  { signal, mount }: StartUploadOptions,
): Promise<URL | undefined> {
  const begin = (query: string, expect: readonly number[], alsoPull?: string) =>
    session.request({
      repository,
      method: 'POST',
      path: `blobs/uploads/${query}`,
      body: new Uint8Array(),
      expect,
      subject: `an upload to ${repository.repository}`,
      push: true,
      alsoPull,
      signal,
      retry: ONE_ATTEMPT,
    });
  const response = mount
    ? await begin(`?${new URLSearchParams({ mount: mount.digest, from: mount.from })}`, [201, 202], mount.from).catch(
        (error: unknown) => {
          if (isRefusal(error)) return begin('', [202]);
          throw error;
        },
      )
    : await begin('', [202]);
  await response.discard();
  return response.status === 201 ? undefined : uploadLocation(session, response, repository);
}

/**
 * The address an answer names for the rest of an upload. Registries behind a proxy that ends TLS name their own host
 * with http: that means the same host.
 */
export async function uploadLocation(
  session: RegistrySession,
  response: HttpResponse,
  { registry }: RepositoryName,
): Promise<URL> {
  const location = header(response, 'location');
  const base = await session.baseUrl(registry);
  if (location !== undefined && URL.canParse(location, response.url.href)) {
    const url = new URL(location, response.url);
    const isOwnHost = url.hostname === base.hostname;
    if (isOwnHost && base.protocol === 'https:' && url.protocol === 'http:') url.protocol = 'https:';
    if (url.protocol === 'https:' || (url.protocol === 'http:' && base.protocol === 'http:')) return url;
  }
  throw new RegistryError('REGISTRY_FAILED', `${registry} began an upload and named no usable address for it.`);
}

/** Appended by hand: the parameters that are there are signed by some registries, and must stay letter for letter. */
export function withDigestParameter(location: URL, digest: Digest): URL {
  const url = new URL(location);
  url.search += `${url.search === '' ? '?' : '&'}digest=${encodeURIComponent(digest)}`;
  return url;
}

/**
 * For a request with a stream, which is sent once, so that what other requests try again by themselves fails: a login
 * that was asked for only now, and an upload that the registry has forgotten. A new upload may well succeed.
 */
export function rethrowForNewUpload(error: unknown): never {
  if (!(error instanceof RegistryError) || (error.status !== 401 && error.status !== 404)) throw error;
  throw error.withRetry();
}

/** The same chunks, each told of with the number of bytes up to its end. */
export async function* counted(
  source: AsyncIterable<Uint8Array>,
  onChunk: (bytesSoFar: number, chunk: Uint8Array) => void,
): AsyncGenerator<Uint8Array, void, void> {
  let bytes = 0;
  for await (const chunk of source) {
    bytes += chunk.length;
    onChunk(bytes, chunk);
    yield chunk;
  }
}

/** Some registries fail a mount from where we may not read instead of beginning an upload. */
function isRefusal(error: unknown): boolean {
  return error instanceof RegistryError && [400, 401, 403, 404, 405].includes(error.status ?? 0);
}
