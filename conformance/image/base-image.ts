import { type FileTree, treeOfLayers } from './file-tree.ts';
import { type ReadImage, readImage } from './read-image.ts';

/** An image that cases start from, as far as outcomes are told apart from it. */
export interface BaseImage {
  /** As `FROM` names it. */
  readonly name: string;
  readonly reference: string;
  readonly image: ReadImage;
  readonly tree: FileTree;
}

const ACCEPT = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

/** Reads a base image from a registry without TLS, whole. */
export async function fetchBaseImage(name: string, registry: string): Promise<BaseImage> {
  const [repository = name, tag = 'latest'] = name.split(':');
  const url = `http://${registry}/v2/library/${repository}`;
  const head = await fetch(`${url}/manifests/${tag}`, { method: 'HEAD', headers: { accept: ACCEPT } });
  const digest = head.headers.get('docker-content-digest');
  if (!digest) throw new Error(`${registry} has no library/${name}: start the lab`);
  const blobs = await fetchAll(url, digest);
  const image = readImage(digest, (wanted) => blobs.get(wanted) as Buffer);
  return baseImage(name, `${registry}/library/${repository}:${tag}`, image);
}

export function baseImage(name: string, reference: string, image: ReadImage): BaseImage {
  return { name, reference, image, tree: treeOfLayers(image.diffIds.map((_, index) => image.layer(index))) };
}

async function fetchAll(url: string, digest: string): Promise<Map<string, Buffer>> {
  const blobs = new Map<string, Buffer>();
  const manifest = await fetchBytes(`${url}/manifests/${digest}`);
  blobs.set(digest, manifest);
  const { manifests = [], config, layers = [] } = JSON.parse(manifest.toString());
  for (const child of manifests) for (const [key, value] of await fetchAll(url, child.digest)) blobs.set(key, value);
  for (const blob of config ? [config, ...layers] : [])
    blobs.set(blob.digest, await fetchBytes(`${url}/blobs/${blob.digest}`));
  return blobs;
}

async function fetchBytes(url: string): Promise<Buffer> {
  const response = await fetch(url, { headers: { accept: ACCEPT } });
  if (!response.ok) throw new Error(`${url} answers ${response.status}`);
  return Buffer.from(await response.arrayBuffer());
}
