import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { KnownError } from '../../diagnostics/known-error.ts';
import type { Digest } from '../../image/digest.ts';
import { type MountMember, parseMountsIndex, writeMountsIndex } from './mounts-index.ts';

const A = `sha256:${'a'.repeat(64)}` as Digest;
const B = `sha256:${'b'.repeat(64)}` as Digest;
const ENTRY = { mode: 0o644, uid: 7, gid: 8, mtimeNs: 1_700_000_000_123_456_789n, usedMs: 1_700_000_000_123 };
const MEMBERS: readonly MountMember[] = [
  { ...ENTRY, type: 'directory', path: 'd', mode: 0o1777 },
  { ...ENTRY, type: 'file', path: 'd/empty', size: 0, contents: [] },
  { ...ENTRY, type: 'file', path: 'd/two', size: 5, contents: [B, A] },
  { ...ENTRY, type: 'symlink', path: 'link', target: '../anywhere' },
];
const PACKS = [
  { digest: A, contents: [{ digest: A, size: 2 }] },
  { digest: B, contents: [{ digest: B, size: 3 }] },
];

test('an index is read as it was written', () => {
  const index = { packs: PACKS, mounts: [{ identity: { kind: 'cache', id: '/x' } as const, members: MEMBERS }] };
  assert.deepEqual(parseMountsIndex(writeMountsIndex(index)), index);
});

const FILE = [0, 'f', 0o644, 0, 0, '0', 0, 2, [0]];
const withMembers = (...members: readonly unknown[]) => ({
  version: 1,
  packs: [[A, [[A.slice(7), 2]]]],
  mounts: [{ identity: { kind: 'cache', id: 'x' }, members }],
});

test('programs do not run as somebody else because of a mount', () => {
  const bytes = gzipSync(JSON.stringify(withMembers([0, 'f', 0o6755, 0, 0, '0', 0, 2, [0]])));
  assert.equal(parseMountsIndex(bytes).mounts[0]?.members[0]?.mode, 0o755);
});

const HOSTILE: readonly (readonly [what: string, json: unknown])[] = [
  ['another version', { ...withMembers(), version: 2 }],
  ['a path that climbs', withMembers([0, '../f', 0o644, 0, 0, '0', 0, 2, [0]])],
  ['an absolute path', withMembers([0, '/etc/passwd', 0o644, 0, 0, '0', 0, 2, [0]])],
  ['a path with a NUL', withMembers([0, 'a\0b', 0o644, 0, 0, '0', 0, 2, [0]])],
  ['an empty path', withMembers([1, '', 0o755, 0, 0, '0', 0])],
  ['a file below no folder', withMembers([0, 'd/f', 0o644, 0, 0, '0', 0, 2, [0]])],
  ['a file below a link', withMembers([2, 'd', 0o777, 0, 0, '0', 0, '/etc'], [0, 'd/f', 0o644, 0, 0, '0', 0, 2, [0]])],
  ['a path twice', withMembers(FILE, FILE)],
  ['a device', withMembers([3, 'f', 0o644, 0, 0, '0', 0])],
  ['a size that its contents do not have', withMembers([0, 'f', 0o644, 0, 0, '0', 0, 3, [0]])],
  ['a content that is not there', withMembers([0, 'f', 0o644, 0, 0, '0', 0, 2, [1]])],
  ['a link to nowhere', withMembers([2, 'l', 0o777, 0, 0, '0', 0, ''])],
  ['a mount without an identity', { ...withMembers(), mounts: [{ members: [] }] }],
  ['a content of gigabytes', { ...withMembers(), packs: [[A, [[A.slice(7), 2 ** 31]]]] }],
  ['a pack without a digest', { ...withMembers(), packs: [['x', []]] }],
];

for (const [what, json] of HOSTILE)
  test(`refuses ${what}`, () => {
    const bytes = gzipSync(JSON.stringify(json));
    assert.throws(
      () => parseMountsIndex(bytes),
      (error) => error instanceof KnownError && error.code === 'CACHE_INVALID',
    );
  });

test('refuses what is no gzip', () => {
  assert.throws(() => parseMountsIndex(Buffer.from('{}')), /damaged/);
});
