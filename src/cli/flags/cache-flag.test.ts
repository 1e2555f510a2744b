import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KnownError } from '../../diagnostics/known-error.ts';
import { parseCacheFrom, parseCacheTo } from './cache-flag.ts';
import { cacheDestination, cacheSource } from './cache-place-argument.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const COMMON = {
  mode: 'min',
  ignoreError: false,
  mounts: false,
  compression: 'gzip',
  forceCompression: false,
  ociMediaTypes: true,
  imageManifest: true,
};

const SOURCES: readonly (readonly [value: string, expected: object])[] = [
  ['registry.example/app:cache', { type: 'registry', ref: 'registry.example/app:cache' }],
  ['type=registry,ref=app', { type: 'registry', ref: 'app' }],
  ['type=local,src=a b', { type: 'local', src: 'a b' }],
  [`type=local,src=x,tag=t,digest=${DIGEST}`, { type: 'local', src: 'x', tag: 't', digest: DIGEST }],
];

for (const [value, expected] of SOURCES)
  test(`--cache-from ${value}`, () => {
    assert.deepEqual(parseCacheFrom(value), expected);
  });

const DESTINATIONS: readonly (readonly [value: string, expected: object])[] = [
  ['type=inline', { type: 'inline' }],
  ['inline', { type: 'inline' }],
  ['app:cache', { type: 'registry', ref: 'app:cache', ...COMMON }],
  ['type=local,dest=d,tag=t,mode=max', { type: 'local', dest: 'd', tag: 't', ...COMMON, mode: 'max' }],
  [
    'type=registry,ref=a,mounts=true,max-size=2g,ignore-error=true',
    { type: 'registry', ref: 'a', ...COMMON, mounts: true, maxMountBytes: 2 ** 31, ignoreError: true },
  ],
  [
    'type=registry,ref=a,compression=zstd,compression-level=19,force-compression=true',
    { type: 'registry', ref: 'a', ...COMMON, compression: 'zstd', compressionLevel: 19, forceCompression: true },
  ],
  // As in docker: without OCI media types there is no artifact, so it is an index.
  [
    'type=registry,ref=a,oci-mediatypes=false',
    { type: 'registry', ref: 'a', ...COMMON, ociMediaTypes: false, imageManifest: false },
  ],
];

for (const [value, expected] of DESTINATIONS)
  test(`--cache-to ${value}`, () => {
    assert.deepEqual(parseCacheTo(value), expected);
  });

const MISTAKES: readonly (readonly [parse: (value: string) => unknown, value: string, said: RegExp])[] = [
  [parseCacheFrom, 'type=gha', /type=gha is not supported.*actions\/cache/],
  [parseCacheTo, 'type=s3,bucket=b', /type=s3 is not supported.*type=registry/],
  [parseCacheTo, 'type=azblob', /azblob is not supported/],
  [parseCacheTo, 'type=registri,ref=a', /no type "registri".*Did you mean "registry"/],
  [parseCacheFrom, 'type=inline', /no type=inline.*type=registry,ref=IMAGE/],
  [parseCacheFrom, 'type=local', /has no src/],
  [parseCacheTo, 'type=local,src=x', /has no field "src"/],
  [parseCacheTo, 'type=registry', /has no ref/],
  [parseCacheTo, 'type=registry,ref=a,mod=max', /has no field "mod".*Did you mean "mode"/],
  [parseCacheTo, 'type=registry,ref=a,mode=mid', /mode "mid" is not known/],
  [parseCacheTo, 'type=registry,ref=a,compression=estargz', /compression "estargz" is not known/],
  [parseCacheTo, 'type=registry,ref=a,compression-level=10', /no level of gzip/],
  [parseCacheTo, 'type=registry,ref=a,compression=uncompressed,compression-level=1', /no level of uncompressed/],
  [parseCacheTo, 'type=registry,ref=a,max-size=1g', /no.*mounts=true|mounts=true/],
  [parseCacheTo, 'type=registry,ref=a,ignore-error=maybe', /neither true nor false/],
  [parseCacheTo, 'type=registry,ref=a,oci-mediatypes=false,image-manifest=true', /needs OCI media types/],
  [parseCacheTo, 'type=inline,mode=max', /has no field "mode"/],
  [parseCacheFrom, 'ref=a', /has no type/],
  [parseCacheFrom, '', /is empty/],
  [parseCacheFrom, `type=local,src=x,digest=abc`, /no sha256 digest/],
];

for (const [parse, value, said] of MISTAKES)
  test(`${parse === parseCacheFrom ? '--cache-from' : '--cache-to'} ${JSON.stringify(value)} is a mistake`, () => {
    assert.throws(
      () => parse(value),
      (error) =>
        error instanceof KnownError && error.exitCode === 2 && said.test(`${error.message} ${error.hint ?? ''}`),
    );
  });

test('what looks like a path is a folder, anything else a reference', () => {
  assert.deepEqual(cacheSource('./cache', '/'), { type: 'local', src: './cache' });
  assert.deepEqual(cacheSource('/tmp/a,b', '/'), { type: 'local', src: '/tmp/a,b' });
  assert.deepEqual(cacheSource('tmp', '/'), { type: 'local', src: 'tmp' });
  assert.deepEqual(cacheSource('app:cache', '/'), { type: 'registry', ref: 'app:cache' });
  assert.equal(cacheDestination('../c', '/').type, 'local');
  assert.throws(() => cacheDestination('inline', '/'), /no place in an image/);
});
