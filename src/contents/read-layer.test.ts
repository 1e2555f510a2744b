import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { packTar, type TarMember } from '../image/tar/pack-tar.ts';
import type { TarHeader } from '../image/tar/tar-header.ts';
import { readLayer } from './read-layer.ts';

function member(path: string, header: Partial<TarHeader> = {}, text = ''): TarMember {
  const own = { path, type: 'file', mode: 0o644, uid: 0, gid: 0, mtimeNs: 0n, size: text.length } as const;
  return { header: { ...own, ...header }, content: Buffer.from(text) };
}

async function* chunks(bytes: Buffer, size = 1000): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const OPTIONS = { name: 'layer one', signal: new AbortController().signal };
const read = (members: readonly TarMember[]) => readLayer(chunks(Buffer.concat([...packTar(members)])), OPTIONS);

test('entries say what a layer has, with the hash of contents', async () => {
  const [dir, file, link, hard] = await read([
    member('./etc/', { type: 'directory', mode: 0o755 }),
    member(
      'etc/passwd',
      { uid: 1, gid: 2, mtimeNs: 1_500_000_000n, xattrs: new Map([['security.capability', Buffer.from('x')]]) },
      'root',
    ),
    member('etc/link', { type: 'symlink', linkTarget: '../x' }),
    member('etc/hard', { type: 'link', linkTarget: './etc/passwd' }),
  ]);
  assert.deepEqual([dir?.path, dir?.kind, dir?.mode], ['etc', 'directory', 0o755]);
  assert.equal(file?.contentHash, createHash('sha256').update('root').digest('hex'));
  assert.deepEqual([file?.uid, file?.gid, file?.mtimeSeconds, file?.hasCapabilities], [1, 2, 1, true]);
  assert.deepEqual([link?.linkTarget, hard?.linkTarget], ['../x', 'etc/passwd']);
});

test('whiteouts are told as what they hide', async () => {
  const entries = await read([
    member('a/.wh.x'),
    member('a/.wh..wh..opq'),
    member('.wh.top'),
    member('.wh..wh.plnk'),
    member('b/.wh...'),
  ]);
  assert.deepEqual(
    entries.map(({ kind, path }) => `${kind} ${path}`),
    ['whiteout a/x', 'opaque a', 'whiteout top'],
  );
});

test('no path leaves the root', async () => {
  const entries = await read([
    member('../../etc/passwd', {}, 'x'),
    member('/abs', {}, 'x'),
    member('a/../../b', {}, 'x'),
  ]);
  assert.deepEqual(
    entries.map(({ path }) => path),
    ['etc/passwd', 'abs', 'b'],
  );
});

test('contents are shown to who asks for them, whole and in order', async () => {
  const text = 'content '.repeat(5000);
  const seen: string[] = [];
  await readLayer(chunks(Buffer.concat([...packTar([member('a', {}, text), member('b', {}, 'b')])])), {
    ...OPTIONS,
    visit: ({ path }) => {
      if (path !== 'a') return undefined;
      const parts: Buffer[] = [];
      return { write: (chunk) => parts.push(chunk), finish: () => seen.push(Buffer.concat(parts).toString()) };
    },
  });
  assert.deepEqual(seen, [text]);
});

/** A GNU sparse file: one that takes no bytes in the archive and claims a petabyte. */
function sparseBomb(): Buffer {
  const block = Buffer.concat([...packTar([member('bomb')])]).subarray(0, 512);
  block.write('GNU.sparse', 0);
  block.write('S', 156);
  block.write('ustar  \0', 257, 'latin1');
  block[483] = 0x80;
  block.writeBigUInt64BE(2n ** 50n, 487);
  const sum = block.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 0x20 : byte), 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return Buffer.concat([block, Buffer.alloc(1024)]);
}

const HOSTILE: readonly (readonly [string, () => Promise<unknown>])[] = [
  ['a path that no system takes', () => read([member(`${'a/'.repeat(3000)}x`)])],
  [
    'a size that is not there',
    () =>
      readLayer(chunks(Buffer.concat([...packTar([member('a', {}, 'x'.repeat(5000))])]).subarray(0, 2000)), OPTIONS),
  ],
  ['no archive', () => readLayer(chunks(Buffer.alloc(2000, 'x')), OPTIONS)],
  ['more bytes than any layer has', () => readLayer(chunks(sparseBomb()), OPTIONS)],
];
for (const [title, attempt] of HOSTILE) {
  test(`${title} is refused`, async () => {
    await assert.rejects(attempt, { code: 'LAYER_CORRUPT' });
  });
}
