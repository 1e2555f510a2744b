import { createHash } from 'node:crypto';
import { type Digest, parseDigest } from '../digest.ts';
import { RegistryError } from './registry-error.ts';
import type { RegistrySession, RepositoryName } from './registry-session.ts';
import { type RetryPolicy, withRetries } from './retry.ts';
import type { OnTransfer } from './transfer-progress.ts';
import {
  counted,
  type OpenBlob,
  rethrowForNewUpload,
  startUpload,
  uploadLocation,
  withDigestParameter,
} from './upload.ts';

export interface StreamUpload {
  readonly repository: RepositoryName;
  readonly open: OpenBlob;
}

export interface PushBlobStreamOptions {
  /** Names the stream in progress events. */
  readonly id: string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnTransfer | undefined;
  /** The client's own unless given. */
  readonly retry?: RetryPolicy | undefined;
}

/**
 * Uploads bytes whose number and digest are not known before the end, such as a layer that is being compressed.
 * Returns both. The stream is opened again when an upload breaks off. distribution-spec, "Pushing a blob in chunks",
 * with one chunk that says no length, as docker sends it.
 */
export async function pushBlobStream(
  session: RegistrySession,
  { repository, open }: StreamUpload,
  options: PushBlobStreamOptions,
): Promise<{ digest: Digest; size: number }> {
  const { id, signal, onProgress } = options;
  const upload = async () => {
    const location = await startUpload(session, repository, { signal });
    if (!location) throw new RegistryError('REGISTRY_FAILED', `${repository.registry} began no upload.`);
    const sent = await sendChunk(session, { repository, open }, { ...options, location });
    await finishUpload(session, repository, { ...sent, signal });
    return { digest: sent.digest, size: sent.size };
  };
  const stored = await withRetries(options.retry ?? session.retry, upload, signal);
  onProgress?.({ id, current: stored.size, total: stored.size, done: true });
  return stored;
}

async function sendChunk(
  session: RegistrySession,
  { repository, open }: StreamUpload,
  { id, signal, onProgress, location }: PushBlobStreamOptions & { readonly location: URL },
): Promise<{ digest: Digest; size: number; location: URL }> {
  const hash = createHash('sha256');
  let size = 0;
  const body = counted(await open(), (current, chunk) => {
    hash.update(chunk);
    size = current;
    onProgress?.({ id, current, total: undefined, done: false });
  });
  const request = {
    repository,
    method: 'PATCH',
    path: location,
    headers: { 'content-type': 'application/octet-stream' },
    body,
    expect: [202, 204],
    subject: `an upload to ${repository.repository}`,
    push: true,
    signal,
  } as const;
  const response = await session.request(request).catch(rethrowForNewUpload);
  await response.discard();
  const digest = parseDigest(`sha256:${hash.digest('hex')}`);
  return { digest, size, location: await uploadLocation(session, response, repository) };
}

async function finishUpload(
  session: RegistrySession,
  repository: RepositoryName,
  { digest, location, signal }: { digest: Digest; location: URL; signal?: AbortSignal | undefined },
): Promise<void> {
  const response = await session.request({
    repository,
    method: 'PUT',
    path: withDigestParameter(location, digest),
    body: new Uint8Array(),
    expect: [201, 204],
    subject: `the upload of ${digest} to ${repository.repository}`,
    push: true,
    signal,
  });
  await response.discard();
}
