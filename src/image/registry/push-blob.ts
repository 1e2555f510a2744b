import type { Descriptor } from '../descriptor.ts';
import type { RegistrySession, RepositoryName } from './registry-session.ts';
import { withRetries } from './retry.ts';
import type { OnTransfer } from './transfer-progress.ts';
import { counted, type OpenBlob, rethrowForNewUpload, startUpload, withDigestParameter } from './upload.ts';

export interface BlobUpload {
  readonly repository: RepositoryName;
  readonly descriptor: Descriptor;
  readonly open: OpenBlob;
}

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
  blob: BlobUpload,
  { signal, onProgress, mountFrom }: PushBlobOptions = {},
): Promise<void> {
  const { repository, descriptor } = blob;
  const { digest: id, size: total } = descriptor;
  if (await hasBlob(session, repository, { descriptor, mountFrom, signal })) {
    onProgress?.({ id, current: total, total, done: true, skipped: 'present' });
    return;
  }
  const mount = mountFrom === undefined ? undefined : { digest: id, from: mountFrom };
  const upload = async () => {
    const location = await startUpload(session, repository, { signal, mount });
    if (location) await sendBlob(session, blob, { location, signal, onProgress });
    return location !== undefined;
  };
  const wasSent = await withRetries(session.retry, upload, signal);
  onProgress?.({ id, current: total, total, done: true, ...(!wasSent && { skipped: 'mounted' }) });
}

/** Whether a repository has a blob already. `mountFrom` only makes one token do for this and for the upload. */
export async function hasBlob(
  session: RegistrySession,
  repository: RepositoryName,
  { descriptor, mountFrom, signal }: PushBlobOptions & { readonly descriptor: Descriptor },
): Promise<boolean> {
  const response = await session.request({
    repository,
    method: 'HEAD',
    path: `blobs/${descriptor.digest}`,
    // Storage that a registry redirects to may forbid HEAD; if it is the registry itself, the upload will say so.
    expect: [200, 403, 404, 405],
    subject: `the blob ${descriptor.digest} of ${repository.repository}`,
    push: true,
    alsoPull: mountFrom,
    signal,
  });
  await response.discard();
  return response.status === 200;
}

/** The whole blob in one PUT. */
async function sendBlob(
  session: RegistrySession,
  { repository, descriptor, open }: BlobUpload,
  { location, signal, onProgress }: PushBlobOptions & { readonly location: URL },
): Promise<void> {
  const { digest: id, size: total } = descriptor;
  const request = {
    repository,
    method: 'PUT',
    path: withDigestParameter(location, id),
    headers: { 'content-type': 'application/octet-stream', 'content-length': String(total) },
    body: counted(await open(), (current) => onProgress?.({ id, current, total, done: false })),
    expect: [201, 204],
    subject: `the upload of ${id} to ${repository.repository}`,
    push: true,
    signal,
  } as const;
  const response = await session.request(request).catch(rethrowForNewUpload);
  await response.discard();
}
