import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { readTar, type TarMember } from './read-tar.ts';

export interface ReadImage {
  /** The image config as it is, with all its keys. */
  readonly config: Record<string, unknown> & { readonly rootfs: { readonly diff_ids: readonly string[] } };
  readonly diffIds: readonly string[];
  /** Members of a layer, lowest layer first. */
  layer(index: number): readonly TarMember[];
}

interface Manifest {
  readonly manifests?: readonly { readonly digest: string; readonly mediaType: string }[];
  readonly config: { readonly digest: string };
  readonly layers: readonly { readonly digest: string; readonly mediaType: string }[] | null;
}

/** Reads an OCI archive. @throws Error when a digest, a size or a diff id is not that of the bytes. */
export function readOciArchive(path: string): ReadImage {
  const members = new Map(readTar(readFileSync(path)).map((member) => [member.path, member.content]));
  const index = json<Manifest>(members.get('index.json'), 'index.json');
  return readImage(manifestDigest(index), (digest) => {
    const bytes = members.get(`blobs/${digest.replace(':', '/')}`);
    if (!bytes) throw new Error(`${path} has no blob ${digest}`);
    return bytes;
  });
}

/** An image of any place blobs can be had from. */
export function readImage(digest: string, blob: (digest: string) => Buffer): ReadImage {
  const checked = (wanted: string): Buffer => {
    const bytes = blob(wanted);
    if (sha256(bytes) !== wanted) throw new Error(`the blob ${wanted} has the digest ${sha256(bytes)}`);
    return bytes;
  };
  const manifest = json<Manifest>(checked(digest), digest);
  if (manifest.manifests) return readImage(manifestDigest(manifest), blob);
  // docker writes null for an image without layers.
  const layers = manifest.layers ?? [];
  const config = json<ReadImage['config']>(checked(manifest.config.digest), 'the config');
  const diffIds = config.rootfs.diff_ids ?? [];
  if (diffIds.length !== layers.length) throw new Error(`${layers.length} layers for ${diffIds.length} diff ids`);
  return {
    config,
    diffIds,
    layer: (index) => {
      const { digest: wanted = '', mediaType = '' } = layers[index] ?? {};
      const bytes = mediaType.endsWith('gzip') ? gunzipSync(checked(wanted)) : checked(wanted);
      if (sha256(bytes) !== diffIds[index]) throw new Error(`layer ${index} has the diff id ${sha256(bytes)}`);
      return readTar(bytes);
    },
  };
}

/** Attestations stand beside the image, in manifests of their own. */
function manifestDigest({ manifests = [] }: Manifest): string {
  const [first] = manifests;
  if (!first) throw new Error('the index names no manifest');
  return first.digest;
}

function sha256(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

function json<T>(bytes: Buffer | undefined, what: string): T {
  if (!bytes) throw new Error(`there is no ${what}`);
  return JSON.parse(bytes.toString()) as T;
}
