import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { readContextStream } from './context-stream.ts';

/** In pieces of seven bytes, as a slow pipe may deliver it. */
function pieces(bytes: Buffer): Readable {
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += 7) parts.push(bytes.subarray(at, at + 7));
  return Readable.from(parts);
}

async function read(bytes: Buffer) {
  let unpacked = Buffer.alloc(0);
  const outcome = await readContextStream(pieces(bytes), {
    dir: '/nowhere',
    signal: new AbortController().signal,
    unpack: async (archive) => {
      for await (const chunk of archive) unpacked = Buffer.concat([unpacked, chunk]);
    },
  });
  return { outcome, unpacked };
}

const tar = spawnSync('tar', ['-cf', '-', '-C', '/etc', 'hostname'], { maxBuffer: 1 << 26 }).stdout;

for (const [title, bytes] of [
  ['a tar archive', tar],
  ['a gzip archive', gzipSync(tar)],
] as const) {
  test(`${title} is unpacked whole`, async () => {
    const { outcome, unpacked } = await read(bytes);
    assert.deepEqual(outcome, { kind: 'archive' });
    assert.ok(unpacked.equals(bytes));
  });
}

test('anything else is a Dockerfile', async () => {
  const text = `FROM scratch\n${'# a comment\n'.repeat(100)}`;
  assert.deepEqual((await read(Buffer.from(text))).outcome, { kind: 'dockerfile', text });
});

test('nothing at all is an error', async () => {
  await assert.rejects(read(Buffer.alloc(0)), { code: 'CONTEXT_FETCH_FAILED' });
});
