import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { KnownError } from '../diagnostics/known-error.ts';
import { MEDIA_TYPE } from './media-type.ts';
import { manifestMediaType, parseImageConfig, parseIndex, parseManifest } from './parse-manifest.ts';

const DIGEST = `sha256:${'0'.repeat(64)}`;
const LAYER = { mediaType: MEDIA_TYPE.ociLayer, digest: DIGEST, size: 1 };
const MANIFEST = { schemaVersion: 2, mediaType: MEDIA_TYPE.ociManifest, config: LAYER, layers: [LAYER] };
const INDEX = { schemaVersion: 2, mediaType: MEDIA_TYPE.ociIndex, manifests: [LAYER] };
const CONFIG = { architecture: 'amd64', os: 'linux', rootfs: { type: 'layers', diff_ids: [DIGEST] } };

test('reads a manifest, an index and a config', () => {
  assert.deepEqual(parseManifest(bytes(MANIFEST), ''), MANIFEST);
  assert.deepEqual(parseIndex(bytes(INDEX), ''), INDEX);
  assert.deepEqual(parseImageConfig(bytes(CONFIG)), { ...CONFIG, config: {} });
});

test('takes the media type of the transport where the text has none', () => {
  const { mediaType: _, ...bare } = MANIFEST;
  assert.equal(parseManifest(bytes(bare), MEDIA_TYPE.dockerManifest).mediaType, MEDIA_TYPE.dockerManifest);
  assert.equal(manifestMediaType(bytes(bare), 'text/plain'), MEDIA_TYPE.ociManifest);
  assert.equal(manifestMediaType(bytes({ manifests: [] }), ''), MEDIA_TYPE.ociIndex);
  assert.equal(manifestMediaType(bytes(INDEX), MEDIA_TYPE.ociManifest), MEDIA_TYPE.ociIndex);
  assert.match(manifestMediaType(bytes({ schemaVersion: 1 }), 'application/json'), /manifest\.v1/);
});

const CORRUPT: readonly (readonly [string, (input: Uint8Array) => unknown, unknown])[] = [
  ['no layers', manifest, { ...MANIFEST, layers: undefined }],
  ['no config', manifest, { ...MANIFEST, config: null }],
  ['a digest that is a path', manifest, { ...MANIFEST, layers: [{ ...LAYER, digest: 'sha256:../../etc/passwd' }] }],
  ['a negative size', manifest, { ...MANIFEST, layers: [{ ...LAYER, size: -1 }] }],
  ['a size that is no integer', manifest, { ...MANIFEST, config: { ...LAYER, size: 1.5 } }],
  ['the fields of an index', manifest, { ...MANIFEST, manifests: [] }],
  ['another media type', manifest, { ...MANIFEST, mediaType: 'text/html' }],
  ['the fields of a manifest', index, { ...INDEX, layers: [] }],
  ['manifests that are no list', index, { ...INDEX, manifests: {} }],
  ['a platform that is a text', index, { ...INDEX, manifests: [{ ...LAYER, platform: 'linux' }] }],
  [
    'an architecture that is a number',
    index,
    { ...INDEX, manifests: [{ ...LAYER, platform: { os: '', architecture: 1 } }] },
  ],
  ['no platform', parseImageConfig, { ...CONFIG, os: undefined }],
  ['diff ids of another kind', parseImageConfig, { ...CONFIG, rootfs: { diff_ids: ['md5:0'] } }],
  ['nothing', parseImageConfig, null],
];

for (const [what, parse, json] of CORRUPT) {
  test(`refuses ${what}`, () => {
    assert.throws(() => parse(bytes(json)), { code: 'IMAGE_CORRUPT' });
  });
}

test('throws nothing but known errors at any JSON', () => {
  fc.assert(
    fc.property(fc.json(), fc.constantFrom(manifest, index, parseImageConfig), (json, parse) => {
      try {
        parse(Buffer.from(json));
      } catch (error) {
        assert.ok(error instanceof KnownError);
      }
    }),
  );
  assert.throws(() => parseImageConfig(Buffer.from('{')), { code: 'IMAGE_CORRUPT' });
});

function manifest(input: Uint8Array) {
  return parseManifest(input, '');
}

function index(input: Uint8Array) {
  return parseIndex(input, '');
}

function bytes(json: unknown): Buffer {
  return Buffer.from(JSON.stringify(json));
}

const PLATFORM = { architecture: 'amd64', os: 'linux', rootfs: { type: 'layers', diff_ids: [] } };

for (const wrong of [
  { config: { Env: [1] } },
  { config: { User: {} } },
  { config: { Entrypoint: 'sh' } },
  { config: { Labels: { a: 1 } } },
  { config: { Healthcheck: { Test: 'x' } } },
  { config: [] },
  { history: {} },
  { history: [null] },
  { history: [{ created_by: 1 }] },
  { created: 1 },
]) {
  test(`refuses a config with ${JSON.stringify(wrong)}`, () => {
    assert.throws(() => parseImageConfig(bytes({ ...PLATFORM, ...wrong })), { code: 'IMAGE_CORRUPT' });
  });
}

test('takes null for no value', () => {
  const { config, history } = parseImageConfig(
    bytes({ ...PLATFORM, history: null, config: { User: null, Env: null, Cmd: null, Labels: null } }),
  );
  assert.deepEqual([config, history], [{ Cmd: null }, undefined]);
});
