import { createHash } from 'node:crypto';
import { KnownError } from '../../diagnostics/known-error.ts';
import type { Descriptor } from '../descriptor.ts';
import { type HttpResponse, header } from './http-transport.ts';
import { RegistryError } from './registry-error.ts';
import type { RegistrySession, RepositoryName } from './registry-session.ts';
import { ONE_ATTEMPT, waitBeforeRetry } from './retry.ts';
import type { OnTransfer } from './transfer-progress.ts';

export interface FetchBlobOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnTransfer | undefined;
}

/** A registry that cuts a blob more often than this no longer gets credit for the bytes in between. */
const MAX_CUTS = 100;

/**
 * The bytes of a blob as they come, at most `descriptor.size` of them. Digest and size are checked on the way, and a
 * wrong one is thrown after the last byte: whoever stores them keeps them only once the iteration has ended by itself.
 * A cut is continued where it happened; a cut after progress does not count against the retries.
 * @throws KnownError DIGEST_MISMATCH; RegistryError
 */
export async function* fetchBlob(
  session: RegistrySession,
  repository: RepositoryName,
  descriptor: Descriptor,
  { signal, onProgress }: FetchBlobOptions = {},
): AsyncGenerator<Buffer, void, void> {
  const { digest, size } = descriptor;
  const hash = createHash('sha256');
  let received = 0;
  let failures = 0;
  let cuts = 0;
  onProgress?.({ id: digest, current: 0, total: size, done: false });
  for (let complete = false; !complete; ) {
    const before = received;
    try {
      for await (const chunk of requestFrom(session, { repository, descriptor, offset: received, signal })) {
        received += chunk.length;
        hash.update(chunk);
        onProgress?.({ id: digest, current: received, total: size, done: false });
        yield chunk;
      }
      complete = true;
    } catch (error) {
      signal?.throwIfAborted();
      cuts++;
      failures = received > before && cuts < MAX_CUTS ? 1 : failures + 1;
      await waitBeforeRetry(session.retry, { error, failures }, signal);
    }
  }
  if (`sha256:${hash.digest('hex')}` !== digest) throw mismatch(repository, descriptor, 'other bytes than that');
  onProgress?.({ id: digest, current: size, total: size, done: true });
}

interface BlobRange {
  readonly repository: RepositoryName;
  readonly descriptor: Descriptor;
  readonly offset: number;
  readonly signal: AbortSignal | undefined;
}

/** The bytes from an offset to the end, exactly; a connection that ends early is a retryable error. */
async function* requestFrom(session: RegistrySession, range: BlobRange): AsyncGenerator<Buffer, void, void> {
  const { repository, descriptor, offset, signal } = range;
  if (offset === descriptor.size && offset > 0) return;
  const response = await session.request({
    repository,
    method: 'GET',
    path: `blobs/${descriptor.digest}`,
    ...(offset > 0 && { headers: { range: `bytes=${offset}-` } }),
    expect: [200, 206],
    subject: `the blob ${descriptor.digest} of ${repository.repository}`,
    signal,
    retry: ONE_ATTEMPT,
  });
  const start = await checkedStart(response, range);
  yield* boundedBody(response, { ...range, skip: offset - start });
}

/** Where the answer begins: servers may ignore Range and send all. A length that cannot be right is refused at once. */
async function checkedStart(response: HttpResponse, { repository, descriptor, offset }: BlobRange): Promise<number> {
  const [, first, total] = /^bytes (\d{1,16})-\d+\/(\d{1,16}|\*)$/.exec(header(response, 'content-range') ?? '') ?? [];
  const start = response.status === 206 ? Number(first ?? Number.NaN) : 0;
  const length = header(response, 'content-length');
  const wrongLength = length !== undefined && Number(length) !== descriptor.size - start;
  const wrongTotal = response.status === 206 && total !== '*' && Number(total) !== descriptor.size;
  if ((start === 0 || start === offset) && !wrongLength && !wrongTotal) return start;
  await response.discard();
  throw mismatch(repository, descriptor, `another number of bytes than the ${descriptor.size} of`);
}

/** Skips what was there already, and ends exactly where the blob does. */
async function* boundedBody(
  response: HttpResponse,
  { repository, descriptor, offset, skip }: BlobRange & { readonly skip: number },
): AsyncGenerator<Buffer, void, void> {
  let toSkip = skip;
  let left = descriptor.size - offset;
  for await (const chunk of response.chunks) {
    const wanted = toSkip === 0 ? chunk : chunk.subarray(toSkip);
    toSkip -= chunk.length - wanted.length;
    if (wanted.length > left) throw mismatch(repository, descriptor, `more than the ${descriptor.size} bytes of`);
    left -= wanted.length;
    if (wanted.length > 0) yield wanted;
  }
  if (left === 0) return;
  throw new RegistryError('REGISTRY_FAILED', `${repository.registry} ended the blob ${descriptor.digest} early.`, {
    retryable: true,
  });
}

function mismatch({ registry }: RepositoryName, { digest }: Descriptor, sent: string): KnownError {
  return new KnownError('DIGEST_MISMATCH', `${registry} sent ${sent} the blob ${digest}.`, {
    hint: 'The registry, or something on the way to it, damages content; nothing of it was kept.',
  });
}
