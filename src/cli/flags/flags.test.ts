import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KnownError } from '../../diagnostics/known-error.ts';
import { csvFields } from './csv-fields.ts';
import { parseOutputFlag } from './output-flag.ts';
import { parseSecretFlag, parseSshFlag } from './secret-flag.ts';
import { parseAddHost, parseAssignment, parseSizeFlag, parseUlimit } from './value-flag.ts';

const usage = (error: unknown) => error instanceof KnownError && error.code === 'USAGE' && error.exitCode === 2;

for (const [text, fields] of [
  [
    'type=oci,dest=a b.tar',
    [
      ['type', 'oci'],
      ['dest', 'a b.tar'],
    ],
  ],
  [
    'type=registry,"name=a,b"',
    [
      ['type', 'registry'],
      ['name', 'a,b'],
    ],
  ],
  ['push', [['push', '']]],
] as const) {
  test(`fields of ${text}`, () => assert.deepEqual(csvFields(text), fields));
}

for (const [text, wanted] of [
  ['out', { type: 'local', dest: 'out' }],
  ['-', { type: 'tar', dest: '-' }],
  ['type=image,push=true', { type: 'store', push: true }],
  ['type=oci,dest=x.tar,compression=zstd', { type: 'oci', dest: 'x.tar', compression: 'zstd' }],
  ['type=registry,"name=a,b"', { type: 'registry', names: ['a', 'b'] }],
  ['type=oci,dest=x.tar,oci-mediatypes=true,force-compression=false', { type: 'oci', dest: 'x.tar' }],
] as const) {
  test(`-o ${text}`, () => assert.deepEqual({ ...parseOutputFlag(text), ...wanted }, parseOutputFlag(text)));
}

for (const text of [
  'type=ocy',
  'type=local',
  'type=oci,destination=x',
  'type=oci,tar=maybe',
  'type=oci,compression-level=x',
  'type=oci,oci-mediatypes=false',
  'type=oci,force-compression=true',
]) {
  test(`-o ${text} is refused`, () => assert.throws(() => parseOutputFlag(text), usage));
}

for (const [text, wanted] of [
  ['id=a,src=f', { id: 'a', path: 'f' }],
  ['id=a,env=V', { id: 'a', variable: 'V' }],
  ['type=env,id=a,src=V', { id: 'a', variable: 'V' }],
  ['id=TOKEN', { id: 'TOKEN', variable: 'TOKEN' }],
  ['id=file', { id: 'file', path: 'file' }],
] as const) {
  test(`--secret ${text}`, () => assert.deepEqual(parseSecretFlag(text, { TOKEN: 'x' }), wanted));
}

test('--secret without an id or with an unknown field is refused', () => {
  assert.throws(() => parseSecretFlag('src=f', {}), usage);
  assert.throws(() => parseSecretFlag('id=a,sorce=f', {}), usage);
});

test('--ssh takes agents and key files', () => {
  assert.deepEqual(parseSshFlag('default'), { id: 'default', paths: [] });
  assert.deepEqual(parseSshFlag('github=/a,/b'), { id: 'github', paths: ['/a', '/b'] });
});

test('--build-arg takes its value from the environment', () => {
  assert.deepEqual(parseAssignment('--build-arg', 'A=b=c', {}), ['A', 'b=c']);
  assert.deepEqual(parseAssignment('--build-arg', 'A', { A: 'x' }), ['A', 'x']);
  assert.equal(parseAssignment('--build-arg', 'A', {}), undefined);
  assert.throws(() => parseAssignment('--build-arg', '=x', {}), usage);
});

test('hosts, sizes and limits', () => {
  assert.deepEqual(parseAddHost('db:10.0.0.1'), { name: 'db', address: '10.0.0.1' });
  assert.deepEqual(parseAddHost('db=[::1]'), { name: 'db', address: '::1' });
  assert.equal(parseSizeFlag('--shm-size', '64m'), 64 * 2 ** 20);
  assert.deepEqual(parseUlimit('nofile=1024'), { name: 'nofile', soft: 1024, hard: 1024 });
  for (const bad of [() => parseAddHost('db'), () => parseSizeFlag('--memory', 'much'), () => parseUlimit('nofile')])
    assert.throws(bad, usage);
});
