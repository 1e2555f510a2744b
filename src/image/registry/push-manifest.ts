import { createHash } from 'node:crypto';
import type { Descriptor } from '../descriptor.ts';
import { parseDigest } from '../digest.ts';
import { MAX_MANIFEST_BYTES } from '../parse-manifest.ts';
import { familiarReference, type Reference } from '../reference.ts';
import { header } from './http-transport.ts';
import { RegistryError } from './registry-error.ts';
import type { RegistrySession } from './registry-session.ts';

/** A manifest or index ready to be pushed. */
export interface ManifestToPush {
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

/**
 * Stores a manifest or index under the reference's tag, or under its digest when there is none. What it points to must
 * be there already. distribution-spec, "Pushing Manifests".
 * @throws RegistryError also when the registry stored other bytes
 */
export async function pushManifest(
  session: RegistrySession,
  reference: Reference,
  { mediaType, bytes, signal }: ManifestToPush & { readonly signal?: AbortSignal | undefined },
): Promise<Descriptor> {
  const digest = parseDigest(`sha256:${createHash('sha256').update(bytes).digest('hex')}`);
  if (bytes.length > MAX_MANIFEST_BYTES) {
    throw new RegistryError(
      'REGISTRY_FAILED',
      `The manifest of ${familiarReference(reference)} is too large to be pushed.`,
    );
  }
  const response = await session.request({
    repository: reference,
    method: 'PUT',
    path: `manifests/${reference.tag ?? digest}`,
    headers: { 'content-type': mediaType },
    body: bytes,
    expect: [200, 201, 202],
    subject: `a push of ${familiarReference(reference)}`,
    push: true,
    signal,
  });
  await response.discard();
  const stored = header(response, 'docker-content-digest');
  if (stored?.startsWith('sha256:') && stored !== digest) {
    throw new RegistryError(
      'REGISTRY_FAILED',
      `${reference.registry} stored other bytes than the manifest it was sent.`,
    );
  }
  return { mediaType, digest, size: bytes.length };
}
