import { createHash } from 'node:crypto';
import { KnownError } from '../../diagnostics/known-error.ts';
import { nearest } from '../../diagnostics/suggest.ts';
import type { Descriptor } from '../descriptor.ts';
import { type Digest, isDigest, parseDigest } from '../digest.ts';
import { MEDIA_TYPE } from '../media-type.ts';
import { MAX_MANIFEST_BYTES, manifestMediaType } from '../parse-manifest.ts';
import { type Reference, withDefaultTag } from '../reference.ts';
import { type HttpResponse, header } from './http-transport.ts';
import { listTags } from './list-tags.ts';
import { RegistryError } from './registry-error.ts';
import type { RegistryRequest, RegistrySession } from './registry-session.ts';
import { ONE_ATTEMPT } from './retry.ts';

/** A manifest or index as it was stored, byte for byte, since its digest is of these bytes. */
export interface StoredManifest {
  readonly descriptor: Descriptor;
  readonly bytes: Buffer;
}

export interface RequestOptions {
  readonly signal?: AbortSignal | undefined;
}

/** A hint is not worth a longer wait. */
const HINT_TIMEOUT_MS = 3000;

const ACCEPT = [
  MEDIA_TYPE.ociIndex,
  MEDIA_TYPE.dockerManifestList,
  MEDIA_TYPE.ociManifest,
  MEDIA_TYPE.dockerManifest,
].join(', ');

/**
 * Fetches a manifest or an index by tag (`latest` unless named) or digest. The bytes are held against the digest that
 * was asked for, or else the one the registry names.
 * @throws RegistryError REGISTRY_NOT_FOUND naming a similar tag; KnownError DIGEST_MISMATCH, IMAGE_CORRUPT
 */
export async function fetchManifest(
  session: RegistrySession,
  reference: Reference,
  options: RequestOptions = {},
): Promise<StoredManifest> {
  const request = manifestRequest('GET', reference, options);
  const { response, bytes } = await session
    .requestBytes(request, MAX_MANIFEST_BYTES)
    .catch((error: unknown) => explainMissing(session, reference, { error, ...options }));
  if (!bytes) {
    throw new RegistryError(
      'REGISTRY_FAILED',
      `${request.subject} has a manifest of more than ${MAX_MANIFEST_BYTES} bytes.`,
    );
  }
  const digest = sha256(bytes);
  const promised = reference.digest ?? header(response, 'docker-content-digest');
  if (promised?.startsWith('sha256:') && promised !== digest) {
    throw new KnownError(
      'DIGEST_MISMATCH',
      `${reference.registry} sent a manifest of ${nameInRegistry(reference)} with another digest (${digest}).`,
    );
  }
  const mediaType = manifestMediaType(bytes, servedType(response));
  return { descriptor: { mediaType, digest, size: bytes.length }, bytes };
}

/**
 * What a tag points to at this moment, by HEAD: no content is sent, and Docker Hub does not count it.
 * @throws RegistryError as `fetchManifest`
 */
export async function resolveManifest(
  session: RegistrySession,
  reference: Reference,
  options: RequestOptions = {},
): Promise<Descriptor> {
  const response = await session
    .request(manifestRequest('HEAD', reference, options))
    .catch((error: unknown) => explainMissing(session, reference, { error, ...options }));
  await response.discard();
  const digest = header(response, 'docker-content-digest');
  const size = Number(header(response, 'content-length') ?? Number.NaN);
  if (!isDigest(digest) || !Number.isSafeInteger(size))
    return (await fetchManifest(session, reference, options)).descriptor;
  return { mediaType: servedType(response), digest: parseDigest(digest), size };
}

function manifestRequest(method: 'GET' | 'HEAD', reference: Reference, { signal }: RequestOptions): RegistryRequest {
  const { tag, digest } = withDefaultTag(reference);
  return {
    repository: reference,
    method,
    path: `manifests/${digest ?? tag}`,
    headers: { accept: ACCEPT },
    expect: [200],
    subject: nameInRegistry(reference),
    signal,
  };
}

/** Says of a missing tag whether the whole repository is missing, and which tag may have been meant. */
async function explainMissing(
  session: RegistrySession,
  reference: Reference,
  { error, signal }: RequestOptions & { readonly error: unknown },
): Promise<never> {
  const { tag, digest } = withDefaultTag(reference);
  if (!(error instanceof RegistryError) || error.status !== 404 || digest !== undefined) throw error;
  const hint = await tagHint(session, reference, tag ?? '', { signal });
  throw new RegistryError('REGISTRY_NOT_FOUND', error.message, { status: 404, hint, cause: error });
}

async function tagHint(
  session: RegistrySession,
  reference: Reference,
  tag: string,
  { signal }: RequestOptions,
): Promise<string | undefined> {
  const timeout = AbortSignal.timeout(HINT_TIMEOUT_MS);
  const either = signal ? AbortSignal.any([signal, timeout]) : timeout;
  try {
    const tags = await listTags(session, reference, { signal: either, retry: ONE_ATTEMPT, limit: 1000 });
    const similar = nearest(tag, tags);
    if (similar !== undefined) return `Did you mean the tag "${similar}"?`;
    return tags.length === 0
      ? undefined
      : `The repository has the tags ${tags.slice(0, 8).join(', ')}${tags.length > 8 ? ' …' : ''}.`;
  } catch (error) {
    signal?.throwIfAborted();
    if (timeout.aborted) return undefined;
    if (!(error instanceof RegistryError)) throw error;
    return error.code === 'REGISTRY_NOT_FOUND' ? 'The repository does not exist either.' : undefined;
  }
}

function servedType(response: HttpResponse): string {
  return (header(response, 'content-type') ?? '').split(';')[0]?.trim() ?? '';
}

/** Without the registry, which messages name first. */
function nameInRegistry(reference: Reference): string {
  const { repository, tag, digest } = withDefaultTag(reference);
  return digest === undefined ? `${repository}:${tag}` : `${repository}@${digest}`;
}

function sha256(bytes: Buffer): Digest {
  return parseDigest(`sha256:${createHash('sha256').update(bytes).digest('hex')}`);
}
