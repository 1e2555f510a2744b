import type {
  CacheDestination,
  CacheFormat,
  CacheSource,
  StoredCacheDestination,
} from '../../build/exchange/cache-place-spec.ts';
import { nearest } from '../../diagnostics/suggest.ts';
import { isDigest } from '../../image/digest.ts';
import { parseReference } from '../../image/reference.ts';
import { csvFields, unknownField, usageError } from './csv-fields.ts';
import { oneOf } from './one-of.ts';
import { parseSizeFlag } from './value-flag.ts';

type Fields = readonly (readonly [name: string, value: string])[];

const TYPES = ['local', 'registry', 'inline'];
/** docker's drivers for stores that speak no registry's protocol. */
const FOREIGN: Readonly<Record<string, string>> = {
  gha: 'Write type=local,dest=FOLDER and let the workflow keep the folder (actions/cache), or use type=registry.',
  s3: 'Write type=local,dest=FOLDER and copy the folder (aws s3 sync), or use type=registry.',
  azblob: 'Write type=local,dest=FOLDER and copy the folder (azcopy sync), or use type=registry.',
};
const COMMON = [
  'mode',
  'compression',
  'compression-level',
  'force-compression',
  'oci-mediatypes',
  'image-manifest',
  'ignore-error',
  'mounts',
  'max-size',
];
const COMPRESSIONS = ['gzip', 'zstd', 'uncompressed'] as const;
const MODES = ['min', 'max'] as const;

/** docker's `--cache-from`: `type=registry,ref=…`, `type=local,src=…`, or a reference alone. @throws KnownError USAGE */
export function parseCacheFrom(value: string): CacheSource {
  const flag = '--cache-from';
  if (!value.includes('=')) return { type: 'registry', ref: reference(flag, value) };
  const fields = csvFields(value);
  switch (typeOf(flag, fields)) {
    case 'registry':
      return { type: 'registry', ref: registryFields(flag, fields, []) };
    case 'local':
      return localSource(flag, fields);
    default:
      throw usageError(`${flag} has no type=inline.`, 'Write type=registry,ref=IMAGE for an image with a cache in it.');
  }
}

/** docker's `--cache-to`, and `mounts` and `max-size` of our own. @throws KnownError USAGE */
export function parseCacheTo(value: string): CacheDestination {
  const flag = '--cache-to';
  if (!value.includes('=')) {
    if (value === 'inline') return { type: 'inline' };
    const common = commonFields(flag, []);
    return { type: 'registry', ref: reference(flag, value), ...common };
  }
  const fields = csvFields(value);
  switch (typeOf(flag, fields)) {
    case 'registry':
      return { type: 'registry', ref: registryFields(flag, fields, COMMON), ...commonFields(flag, fields) };
    case 'local':
      return localDestination(flag, fields);
    default:
      checkNames(`${flag} type=inline`, fields, ['type']);
      return { type: 'inline' };
  }
}

function typeOf(flag: string, fields: Fields): string {
  const type = lastOf(fields, 'type');
  const instead = type === undefined ? undefined : FOREIGN[type];
  if (instead) throw usageError(`${flag} type=${type} is not supported.`, instead);
  if (type === undefined) throw usageError(`${flag} has no type.`, `Write type=${TYPES.join(', type=')}.`);
  if (TYPES.includes(type)) return type;
  const meant = nearest(type, TYPES);
  throw usageError(
    `${flag} has no type ${JSON.stringify(type)}.`,
    meant ? `Did you mean "${meant}"?` : `It has ${TYPES.join(', ')}.`,
  );
}

function registryFields(flag: string, fields: Fields, more: readonly string[]): string {
  checkNames(`${flag} type=registry`, fields, ['type', 'ref', ...more]);
  const ref = lastOf(fields, 'ref');
  if (!ref) throw usageError(`${flag} type=registry has no ref.`, 'Write ref=REGISTRY/NAME:TAG.');
  return reference(flag, ref);
}

/** Known to be one before there is any work to lose. */
function reference(flag: string, text: string): string {
  if (text === '') throw usageError(`${flag} is empty.`, 'Write type=registry,ref=… or type=local,….');
  parseReference(text);
  return text;
}

function localSource(flag: string, fields: Fields): CacheSource {
  checkNames(`${flag} type=local`, fields, ['type', 'src', 'tag', 'digest']);
  const src = required(flag, fields, 'src');
  const [tag, digest] = [lastOf(fields, 'tag'), lastOf(fields, 'digest')];
  if (digest !== undefined && !isDigest(digest)) throw usageError(`${flag} digest=${digest} is no sha256 digest.`);
  return { type: 'local', src, ...(tag ? { tag } : {}), ...(digest === undefined ? {} : { digest }) };
}

function localDestination(flag: string, fields: Fields): StoredCacheDestination {
  checkNames(`${flag} type=local`, fields, ['type', 'dest', 'tag', ...COMMON]);
  const tag = lastOf(fields, 'tag');
  return {
    type: 'local',
    dest: required(flag, fields, 'dest'),
    ...(tag ? { tag } : {}),
    ...commonFields(flag, fields),
  };
}

function required(flag: string, fields: Fields, name: string): string {
  const value = lastOf(fields, name);
  if (value) return value;
  throw usageError(`${flag} type=local has no ${name}.`, `Write ${name}=FOLDER.`);
}

function commonFields(flag: string, fields: Fields) {
  const boolean = (name: string, otherwise: boolean) => booleanField(flag, fields, { name, otherwise });
  const maxSize = lastOf(fields, 'max-size');
  const mounts = boolean('mounts', false);
  if (maxSize !== undefined && !mounts)
    throw usageError(`${flag} max-size=${maxSize} bounds cache mounts, and none go along.`, 'Add mounts=true.');
  return {
    mode: oneOf(`${flag} mode`, lastOf(fields, 'mode') ?? 'min', MODES),
    ignoreError: boolean('ignore-error', false),
    mounts,
    ...(maxSize === undefined ? {} : { maxMountBytes: parseSizeFlag(`${flag} max-size`, maxSize) }),
    ...formatFields(flag, fields, boolean),
  };
}

function formatFields(
  flag: string,
  fields: Fields,
  boolean: (name: string, otherwise: boolean) => boolean,
): CacheFormat {
  const compression = oneOf(`${flag} compression`, lastOf(fields, 'compression') ?? 'gzip', COMPRESSIONS);
  const level = lastOf(fields, 'compression-level');
  const ociMediaTypes = boolean('oci-mediatypes', true);
  const asked = fields.some(([name]) => name === 'image-manifest');
  const imageManifest = boolean('image-manifest', true);
  // docker refuses the two together; its media types have no artifacts, so a reader would take it for an image.
  if (asked && imageManifest && !ociMediaTypes)
    throw usageError(`${flag} image-manifest=true needs OCI media types.`, 'Leave oci-mediatypes=false away.');
  return {
    compression,
    ...(level === undefined ? {} : { compressionLevel: compressionLevel(flag, level, compression) }),
    forceCompression: boolean('force-compression', false),
    ociMediaTypes,
    imageManifest: asked ? imageManifest : ociMediaTypes,
  };
}

const HIGHEST_LEVEL: Readonly<Record<CacheFormat['compression'], number>> = { gzip: 9, zstd: 22, uncompressed: -1 };

function compressionLevel(flag: string, text: string, compression: CacheFormat['compression']): number {
  const level = Number(text);
  const highest = HIGHEST_LEVEL[compression];
  if (/^\d+$/.test(text) && level <= highest) return level;
  throw usageError(
    `${flag} compression-level=${text} is no level of ${compression}.`,
    highest < 0 ? 'What is not compressed has none.' : `It is a number from 0 to ${highest}.`,
  );
}

function booleanField(
  flag: string,
  fields: Fields,
  { name, otherwise }: { readonly name: string; readonly otherwise: boolean },
): boolean {
  const value = lastOf(fields, name);
  if (value === undefined) return otherwise;
  if (['', 'true', '1'].includes(value)) return true;
  if (['false', '0'].includes(value)) return false;
  throw usageError(`${flag} ${name}=${value} is neither true nor false.`);
}

function checkNames(flag: string, fields: Fields, known: readonly string[]): void {
  const unknown = fields.find(([name]) => !known.includes(name));
  if (unknown) throw unknownField(flag, unknown[0], known);
}

function lastOf(fields: Fields, name: string): string | undefined {
  return fields.findLast(([field]) => field === name)?.[1];
}
