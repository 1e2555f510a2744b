import { createHash } from 'node:crypto';
import type { Descriptor } from '../descriptor.ts';
import { type Digest, parseDigest } from '../digest.ts';
import { type HttpResponse, header } from './http-transport.ts';
import { RegistryError } from './registry-error.ts';
import type { RegistrySession, RepositoryName } from './registry-session.ts';
import { withRetries } from './retry.ts';
import type { OnTransfer } from './transfer-progress.ts';

/** Opens the bytes of a blob anew from their start, each time an upload begins. */
export type OpenBlob = () => AsyncIterable<Uint8Array> | Promise<AsyncIterable<Uint8Array>>;

export interface PushBlobOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnTransfer | undefined;
  /** A repository of the same registry that may have the blob: it is taken from there without being sent. */
  readonly mountFrom?: string | undefined;
}

/**
 * Makes a registry have a blob: nothing when it does, a mount when another repository has it, else one upload of known
 * length. `open` is called only for the upload. distribution-spec, "Pushing Blobs".
 */
export async function pushBlob(
  session: RegistrySession,
  target: { readonly repository: RepositoryName; readonly descriptor: Descriptor; readonly open: OpenBlob },
  options: PushBlobOptions = {},
): Promise<void> {
  const { repository, descriptor, open } = target;
  const { signal, onProgress, mountFrom } = options;
  const { digest: id, size: total } = descriptor;
  if (await hasBlob(session, repository, { descriptor, mountFrom, signal })) {
    onProgress?.({ id, current: total, total, done: true, skipped: 'present' });
    return;
  }
  const upload = async () => {
    const location = await startUpload(session, repository, { signal, mountFrom, digest: id });
    if (!location) return false;
    const body = counted(await open(), (current) => onProgress?.({ id, current, total, done: false }));
    const headers = { 'content-type': 'application/octet-stream', 'content-length': String(total) };
    const path = withDigestParameter(location, id);
    const subject = `the upload of ${id} to ${repository.repository}`;
    const sent = {
      repository,
      method: 'PUT',
      path,
      headers,
      body,
      subject,
      expect: [201, 204],
      push: true,
      signal,
    } as const;
    await (await session.request(sent)).discard();
    return true;
  };
  const wasSent = await withRetries(session.retry, upload, signal);
  onProgress?.({ id, current: total, total, done: true, ...(!wasSent && { skipped: 'mounted' }) });
}

export interface PushBlobStreamOptions {
  /** Names the stream in progress events. */
  readonly id: string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnTransfer | undefined;
}

/**
 * Uploads bytes whose number and digest are not known before the end, such as a layer that is being compressed.
 * Returns both. The stream is opened again when an upload breaks off.
 */
export async function pushBlobStream(
  session: RegistrySession,
  target: { readonly repository: RepositoryName; readonly open: OpenBlob },
  { id, signal, onProgress }: PushBlobStreamOptions,
): Promise<{ digest: Digest; size: number }> {
  const { repository, open } = target;
  const subject = `an upload to ${repository.repository}`;
  const upload = async () => {
    const location = await startUpload(session, repository, { signal });
    if (!location) throw new RegistryError('REGISTRY_FAILED', `${repository.registry} began no upload.`);
    const hash = createHash('sha256');
    let size = 0;
    const onChunk = (current: number, chunk: Uint8Array) => {
      hash.update(chunk);
      size = current;
      onProgress?.({ id, current, total: undefined, done: false });
    };
    const headers = { 'content-type': 'application/octet-stream' };
    const common = { repository, subject, push: true, signal } as const;
    const body = counted(await open(), onChunk);
    const patched = await session.request({
      ...common,
      method: 'PATCH',
      path: location,
      headers,
      body,
      expect: [202, 204],
    });
    await patched.discard();
    const digest = parseDigest(`sha256:${hash.digest('hex')}`);
    const path = withDigestParameter(await uploadLocation(session, patched, repository), digest);
    const finished = await session.request({
      ...common,
      method: 'PUT',
      path,
      body: new Uint8Array(),
      expect: [201, 204],
    });
    await finished.discard();
    onProgress?.({ id, current: size, total: size, done: true });
    return { digest, size };
  };
  return withRetries(session.retry, upload, signal);
}

/** Whether a repository has a blob already. */
export async function hasBlob(
  session: RegistrySession,
  repository: RepositoryName,
  {
    descriptor,
    mountFrom,
    signal,
  }: { readonly descriptor: Descriptor } & Pick<PushBlobOptions, 'mountFrom' | 'signal'>,
): Promise<boolean> {
  const response = await session.request({
    repository,
    method: 'HEAD',
    path: `blobs/${descriptor.digest}`,
    expect: [200, 404],
    subject: `the blob ${descriptor.digest} of ${repository.repository}`,
    push: true,
    // The same access as the upload that may follow has, so that one token does for both.
    alsoPull: mountFrom,
    signal,
  });
  await response.discard();
  return response.status === 200;
}

interface StartUpload {
  readonly signal?: AbortSignal | undefined;
  readonly mountFrom?: string | undefined;
  readonly digest?: Digest;
}

/** Where to upload to, or undefined when the registry took the blob from `mountFrom`. */
async function startUpload(
  session: RegistrySession,
  repository: RepositoryName,
  { signal, mountFrom, digest }: StartUpload,
): Promise<URL | undefined> {
  const mount =
    mountFrom === undefined || digest === undefined
      ? ''
      : `?${new URLSearchParams({ mount: digest, from: mountFrom })}`;
  const response = await session.request({
    repository,
    method: 'POST',
    path: `blobs/uploads/${mount}`,
    body: new Uint8Array(),
    expect: mount ? [201, 202] : [202],
    subject: `an upload to ${repository.repository}`,
    push: true,
    alsoPull: mountFrom,
    signal,
  });
  await response.discard();
  return response.status === 201 ? undefined : uploadLocation(session, response, repository);
}

/** Registries behind a proxy that ends TLS name their own host with http: such an address means the same host. */
async function uploadLocation(
  session: RegistrySession,
  response: HttpResponse,
  { registry }: RepositoryName,
): Promise<URL> {
  const location = header(response, 'location');
  const base = await session.baseUrl(registry);
  if (location !== undefined && URL.canParse(location, response.url.href)) {
    const url = new URL(location, response.url);
    if (url.hostname === base.hostname && base.protocol === 'https:' && url.protocol === 'http:')
      url.protocol = 'https:';
    if (url.protocol === 'https:' || (url.protocol === 'http:' && base.protocol === 'http:')) return url;
  }
  throw new RegistryError('REGISTRY_FAILED', `${registry} began an upload and named no usable address for it.`);
}

/** Appended by hand: the parameters that are there are signed by some registries, and must stay letter for letter. */
function withDigestParameter(location: URL, digest: Digest): URL {
  const url = new URL(location);
  url.search += `${url.search === '' ? '?' : '&'}digest=${encodeURIComponent(digest)}`;
  return url;
}

async function* counted(
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
