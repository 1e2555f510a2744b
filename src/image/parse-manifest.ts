import { KnownError } from '../diagnostics/known-error.ts';
import { stripControl } from '../diagnostics/redact.ts';
import type { Descriptor, ImageIndex, ImageManifest } from './descriptor.ts';
import { isDigest } from './digest.ts';
import type { ImageConfig } from './image-config.ts';
import { isIndexMediaType, isManifestMediaType, MEDIA_TYPE } from './media-type.ts';
import { wrongConfigField } from './wrong-config-field.ts';

/** Manifests above this are refused, as registries refuse them. distribution-spec, "Pushing Manifests". */
export const MAX_MANIFEST_BYTES = 4 * 1024 * 1024;
/** Image configs above this are refused: they hold a line an instruction, and are read whole. */
export const MAX_CONFIG_BYTES = 8 * 1024 * 1024;

/**
 * Reads the JSON of an image manifest and checks every field that is used later. Where the text names no media type
 * (allowed by OCI), `mediaType` is it, which the transport named.
 * @throws KnownError IMAGE_CORRUPT
 */
export function parseManifest(bytes: Uint8Array, mediaType: string): ImageManifest {
  const json = parseObject(bytes, 'manifest');
  const type = declaredType(json, mediaType);
  if (!isManifestMediaType(type)) throw corrupt(`"${shown(type)}" is no media type of an image manifest`);
  if ('manifests' in json) throw corrupt('the manifest has fields of an index, so that it could be read in two ways');
  const { config, layers } = json;
  if (!Array.isArray(layers)) throw corrupt('the manifest has no list of layers');
  checkDescriptor(config);
  for (const layer of layers) checkDescriptor(layer);
  return { ...json, schemaVersion: 2, mediaType: type, config, layers };
}

/** As `parseManifest`, for an OCI index or docker's manifest list. @throws KnownError IMAGE_CORRUPT */
export function parseIndex(bytes: Uint8Array, mediaType: string): ImageIndex {
  const json = parseObject(bytes, 'index');
  const type = declaredType(json, mediaType);
  if (!isIndexMediaType(type)) throw corrupt(`"${shown(type)}" is no media type of an index`);
  if ('layers' in json || 'config' in json) {
    throw corrupt('the index has fields of a manifest, so that it could be read in two ways');
  }
  const manifests = json.manifests ?? [];
  if (!Array.isArray(manifests)) throw corrupt('the index has no list of manifests');
  for (const manifest of manifests) checkDescriptor(manifest);
  return { ...json, schemaVersion: 2, mediaType: type, manifests };
}

/**
 * Reads the JSON of an image config and checks the type of every field that is used later. A missing `config` becomes an
 * empty one; what is null there is missing, but for Entrypoint and Cmd.
 * @throws KnownError IMAGE_CORRUPT
 */
export function parseImageConfig(bytes: Uint8Array): ImageConfig {
  const json = parseObject(bytes, 'config');
  const { architecture, os, rootfs, config } = json;
  if (typeof architecture !== 'string' || typeof os !== 'string') throw corrupt('the config names no platform');
  const diffIds = isObject(rootfs) ? (rootfs.diff_ids ?? []) : undefined;
  if (!Array.isArray(diffIds) || !diffIds.every(isDigest)) throw corrupt('the config has no list of diff ids');
  const wrong = wrongConfigField(json);
  if (wrong !== undefined) throw corrupt(`"${wrong}" in its config is of the wrong type`);
  return {
    ...withoutNulls(json),
    architecture,
    os,
    config: isObject(config) ? withoutNulls(config) : {},
    rootfs: { type: 'layers', diff_ids: diffIds as unknown as ImageConfig['rootfs']['diff_ids'] },
  };
}

/**
 * The media type of a manifest or index: what its text says, else what its fields tell, else what it was served as.
 * Servers name the type wrongly more often than the digest-checked text does.
 */
export function manifestMediaType(bytes: Uint8Array, served: string): string {
  const json = parseObject(bytes, 'manifest');
  if (typeof json.mediaType === 'string' && json.mediaType !== '') return json.mediaType;
  if (isIndexMediaType(served) || isManifestMediaType(served)) return served;
  if (json.schemaVersion === 1) return 'application/vnd.docker.distribution.manifest.v1+json';
  return Array.isArray(json.manifests) ? MEDIA_TYPE.ociIndex : MEDIA_TYPE.ociManifest;
}

type Json = Readonly<Record<string, unknown>>;

function declaredType(json: Json, mediaType: string): string {
  return typeof json.mediaType === 'string' && json.mediaType !== '' ? json.mediaType : mediaType;
}

function parseObject(bytes: Uint8Array, what: string): Json {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString());
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  if (!isObject(value)) throw corrupt(`its ${what} is not a JSON object`);
  return value;
}

function checkDescriptor(value: unknown): asserts value is Descriptor {
  if (!isObject(value)) throw corrupt('a descriptor is not a JSON object');
  const { mediaType, digest, size, platform } = value;
  if (typeof mediaType !== 'string') throw corrupt('a descriptor has no media type');
  if (!isDigest(digest)) throw corrupt(`"${shown(digest)}" is not a sha256 digest`);
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) {
    throw corrupt(`"${shown(size)}" is not the size of a blob`);
  }
  if (platform !== undefined && !isPlatform(platform)) throw corrupt(`the platform of ${digest} is not readable`);
}

function isPlatform(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { os, architecture, variant } = value;
  const features = value['os.features'];
  return (
    typeof os === 'string' &&
    typeof architecture === 'string' &&
    (variant === undefined || typeof variant === 'string') &&
    (features === undefined || (Array.isArray(features) && features.every((feature) => typeof feature === 'string')))
  );
}

/** Entrypoint and Cmd say something by being null. */
function withoutNulls(json: Json): Json {
  return Object.fromEntries(
    Object.entries(json).filter(([name, value]) => value !== null || name === 'Entrypoint' || name === 'Cmd'),
  );
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shown(value: unknown): string {
  return stripControl(String(value)).slice(0, 100);
}

function corrupt(reason: string): KnownError {
  return new KnownError('IMAGE_CORRUPT', `The image cannot be read: ${reason}.`);
}
