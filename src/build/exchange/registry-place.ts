import { MAX_MANIFEST_BYTES } from '../../image/parse-manifest.ts';
import { familiarReference, parseReference, withDefaultTag, withDigest } from '../../image/reference.ts';
import type { ManifestToPush } from '../../image/registry/push-manifest.ts';
import type { RegistryClient } from '../../image/registry/registry-client.ts';
import { RegistryError } from '../../image/registry/registry-error.ts';
import type { CachePlace } from './cache-place.ts';

/** A tag of a repository. Costs nothing before it is asked. @throws KnownError REFERENCE_INVALID */
export function registryPlace(ref: string, client: () => Promise<RegistryClient>): CachePlace {
  const reference = withDefaultTag(parseReference(ref));
  const { registry, repository } = reference;
  return {
    name: ref,
    repository: `${registry}/${repository}`,
    async root(signal) {
      try {
        return await (await client()).fetchManifest(reference, { signal });
      } catch (error) {
        if (error instanceof RegistryError && error.code === 'REGISTRY_NOT_FOUND') return undefined;
        throw error;
      }
    },
    async manifest(digest, signal) {
      return (await client()).fetchManifest(withDigest(reference, digest), { signal });
    },
    async *open(blob, { signal, onProgress }) {
      yield* (await client()).fetchBlob(reference, blob, { signal, onProgress });
    },
    async has(blob, signal) {
      const bytes = (await client()).fetchBlob(reference, blob, { signal });
      try {
        // Not HEAD, for which some registries want the right to push.
        return blob.size === 0 || (await bytes.next()).done !== true;
      } catch (error) {
        if (error instanceof RegistryError && error.status === 404) return false;
        throw error;
      } finally {
        await bytes.return();
      }
    },
    async put({ descriptor, open, origin }, options) {
      const mountFrom = origin?.registry === registry ? origin.repository : undefined;
      const blob = { repository: reference, descriptor, open: () => open() };
      await (await client()).pushBlob(blob, { ...options, mountFrom });
    },
    async publish(manifests, signal) {
      const [outer, ...inner] = [...manifests].reverse();
      if (!outer) throw new Error(`nothing to publish as ${familiarReference(reference)}`);
      const { tag: _, ...untagged } = reference;
      for (const manifest of inner) await (await client()).pushManifest(untagged, bounded(manifest), { signal });
      return (await client()).pushManifest(reference, bounded(outer), { signal });
    },
  };
}

function bounded(manifest: ManifestToPush): ManifestToPush {
  if (manifest.bytes.length <= MAX_MANIFEST_BYTES) return manifest;
  throw new RegistryError('REGISTRY_FAILED', `The cache has a manifest of ${manifest.bytes.length} bytes.`, {
    hint: 'Write it anew under another name; registries take at most 4 MiB.',
  });
}
