import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { tarHeader } from './encode-header.ts';
import type { TarHeader } from './tar-header.ts';

const SECOND = 1_000_000_000n;
const BASE = { type: 'file', mode: 0o644, uid: 0, gid: 0, size: 0, mtimeNs: 0n } as const;
const capability = new Map([['security.capability', Buffer.from('AQAAAgD/Cj0=', 'base64')]]);

/** Bytes, and the start of the sha256, of what Go 1.26's archive/tar writes for the same header in PAX format. */
const AS_GO_WRITES: readonly (readonly [string, Partial<TarHeader> & { path: string }, number, string])[] = [
  [
    'a directory',
    { path: 'dir', type: 'directory', mode: 0o1777, uid: 1000, gid: 1000, mtimeNs: 1_500_000_000n * SECOND },
    512,
    '0280147bffb71c78',
  ],
  [
    'a long path that can be split',
    { path: `${'a/'.repeat(60)}file`, size: 5, mtimeNs: 1_500_000_000n * SECOND },
    512,
    '01b689aaa9241269',
  ],
  ['the same with a large uid', { path: `${'a/'.repeat(60)}file`, uid: 3_000_000 }, 1536, '012904b2f47222f5'],
  ['a path that cannot be split', { path: `d/${'n'.repeat(150)}`, mode: 0o4755 }, 1536, '0b81cbf15ed6ab45'],
  ['a path beyond ASCII', { path: 'd/ünï' }, 1536, 'ac13c45598d56005'],
  [
    'a long symlink',
    { path: 'sym', type: 'symlink', mode: 0o777, linkTarget: 'l'.repeat(150) },
    1536,
    '7492fafef4ca8804',
  ],
  ['a hard link', { path: 'hard', type: 'link', linkTarget: 'd/f' }, 512, '2edf0251cba2da85'],
  ['a device', { path: 'null', type: 'char', mode: 0o666, rdev: { major: 1, minor: 3 } }, 512, '486a61edf2079561'],
  ['a time before 1970', { path: 'old', mtimeNs: -315_619_200n * SECOND }, 1536, '2c97b6ddd4e875f8'],
  ['half a second before that', { path: 'half', mtimeNs: -1_500_000_000n }, 1536, '9259a77b77ffbb4f'],
  ['nanoseconds', { path: 'nano', mtimeNs: 1_500_000_000_123_456_780n }, 1536, 'b355c6ee19ffc826'],
  ['8 GiB', { path: 'huge', size: 8 * 1024 ** 3 }, 1536, '86f35e96f62398a0'],
  ['an xattr', { path: 'd/caps', mode: 0o755, xattrs: capability }, 1536, '7a29b6b9b82c33a8'],
  [
    'a directory whose name is cut after a slash',
    { path: `${'x'.repeat(99)}/${'y'.repeat(20)}`, type: 'directory', mode: 0o755, gid: 3_000_000 },
    1536,
    'a6d62d325f710c9e',
  ],
];
for (const [title, header, size, digest] of AS_GO_WRITES) {
  test(`${title} has the header that Go writes`, () => {
    const bytes = tarHeader({ ...BASE, ...header });
    assert.equal(bytes.length, size);
    assert.equal(createHash('sha256').update(bytes).digest('hex').slice(0, 16), digest);
  });
}

const UNSAYABLE: readonly (readonly [string, Partial<TarHeader>])[] = [
  ['a NUL in the path', { path: 'a\0b' }],
  ['a NUL in a link', { linkTarget: 'a\0b' }],
  ['a negative size', { size: -1 }],
  ['an owner that is no number', { uid: Number.NaN }],
  ['a device beyond the field', { rdev: { major: 0o10000000, minor: 0 } }],
  ['an xattr that would end its key early', { xattrs: new Map([['user.a=b', Buffer.alloc(0)]]) }],
];
for (const [title, header] of UNSAYABLE) {
  test(`${title} is refused`, () => {
    assert.throws(() => tarHeader({ ...BASE, path: 'x', ...header }), /archived/);
  });
}
