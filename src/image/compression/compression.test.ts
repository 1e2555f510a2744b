import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { decompress, decompressDetected } from './decompress.ts';
import { type Compression, detectCompression } from './detect-compression.ts';
import { gzipStream } from './gzip-stream.ts';
import { digestOf, verifyStream } from './verify-stream.ts';

async function* chunksOf(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

async function collect(source: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const chunk of source) parts.push(Buffer.from(chunk));
  return Buffer.concat(parts);
}

/** Text that compresses, runs that bzip2 and zstd code specially, and noise. */
const sample = Buffer.concat([
  Buffer.from(Array.from({ length: 40_000 }, (_, i) => `line ${i * i} of the sample\n`).join('')),
  Buffer.alloc(700_000, 'a'),
  randomBytes(300_000),
  Buffer.from('abbcccddddeeeeeffffff'.repeat(5000)),
]);

function compressWith(command: string, args: readonly string[], input: Buffer): Buffer | undefined {
  const { status, stdout } = spawnSync(command, args, { input, maxBuffer: 2 ** 26 });
  return status === 0 ? stdout : undefined;
}

const TOOLS: readonly (readonly [Compression, string, readonly string[]])[] = [
  ['gzip', 'gzip', ['-c']],
  ['bzip2', 'bzip2', ['-c']],
  ['bzip2', 'bzip2', ['-1', '-c']],
  ['xz', 'xz', ['-c']],
  ['zstd', 'zstd', ['-c']],
  ['zstd', 'zstd', ['-12', '--no-check', '-c']],
];
const SAMPLES = TOOLS.map(([kind, command, args]) => [kind, compressWith(command, args, sample)] as const);

for (const [index, [kind, command, args]] of TOOLS.entries()) {
  const compressed = SAMPLES[index]?.[1];
  const options = { skip: !compressed && `needs ${command}` };

  test(`reads what ${command} ${args.join(' ')} writes, one stream and two`, options, async () => {
    assert.ok(compressed);
    assert.equal(detectCompression(compressed), kind);
    assert.ok((await collect(decompress(chunksOf(compressed, 10_007), kind))).equals(sample));
    const twice = Buffer.concat([compressed, compressed]);
    assert.ok((await collect(decompressDetected(chunksOf(twice, 65_536)))).equals(Buffer.concat([sample, sample])));
  });

  test(`${command} ${args.join(' ')} of nothing and of little`, options, async () => {
    for (const text of ['', 'a', 'hello hello hello hello hello']) {
      const small = compressWith(command, args, Buffer.from(text)) ?? Buffer.alloc(0);
      assert.equal((await collect(decompress(chunksOf(small, 3), kind))).toString(), text);
    }
  });

  test(`damaged ${command} ${args.join(' ')} data is refused`, options, async () => {
    const data = compressWith(command, args, sample.subarray(0, 50_000)) ?? Buffer.alloc(0);
    const cut = collect(decompress(chunksOf(data.subarray(0, data.length - 9), 1000), kind));
    await assert.rejects(cut, { code: 'ARCHIVE_INVALID' });
    await fc.assert(
      fc.asyncProperty(fc.nat(data.length - 1), fc.nat(255), async (at, byte) => {
        const copy = Buffer.from(data);
        copy[at] = byte;
        const reading = collect(
          decompress(chunksOf(copy, 5000), kind, { errorCode: 'LAYER_CORRUPT', maxBytes: 2 ** 22 }),
        );
        await reading.catch((error) => assert.equal(error.code, 'LAYER_CORRUPT', error.stack));
      }),
      { numRuns: 25 },
    );
  });
}

test('many small zstd frames and skippable ones give one stream', async () => {
  const frame = compressWith('zstd', ['-c'], Buffer.from('frame\n'));
  if (!frame) return;
  const skippable = Buffer.from('502a4d1803000000aabbcc', 'hex');
  const data = Buffer.concat([skippable, ...Array.from({ length: 50 }, () => frame), skippable]);
  assert.equal((await collect(decompressDetected(chunksOf(data, 17)))).toString(), 'frame\n'.repeat(50));
});

test('a zstd frame that wants too much memory is refused', async () => {
  const greedy = Buffer.from('28b52ffd00ff', 'hex');
  await assert.rejects(collect(decompress(chunksOf(greedy, 100), 'zstd')), /MiB of memory/);
});

test('a bomb ends at the bound', async () => {
  const bomb = gzipSync(Buffer.alloc(50_000_000));
  let seen = 0;
  await assert.rejects(
    async () => {
      for await (const chunk of decompress(chunksOf(bomb, 1000), 'gzip', { maxBytes: 1_000_000 })) seen += chunk.length;
    },
    { code: 'ARCHIVE_INVALID' },
  );
  assert.ok(seen <= 1_000_000);
});

test('errors of the source come through', async () => {
  async function* failing(head: Buffer): AsyncGenerator<Buffer> {
    yield head;
    throw new TypeError('the network');
  }
  for (const [kind, data] of SAMPLES) {
    if (data) await assert.rejects(collect(decompress(failing(data.subarray(0, 3000)), kind)), /the network/, kind);
  }
});

test('leaving early closes the source, and the next stream can be read', async () => {
  for (const [kind, data] of SAMPLES) {
    if (!data) continue;
    let closed = false;
    const source = async function* (): AsyncGenerator<Buffer> {
      try {
        yield* chunksOf(data, 4000);
      } finally {
        closed = true;
      }
    };
    for await (const _ of decompress(source(), kind)) break;
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.ok(closed, kind);
  }
});

test('gzipStream writes one member that others read, the same for any chunks and any level', async () => {
  const big = Buffer.concat([sample, sample]);
  const whole = await collect(gzipStream([big]));
  assert.ok(gunzipSync(whole).equals(big));
  assert.ok((await collect(gzipStream(chunksOf(big, 4321)))).equals(whole));
  assert.ok(whole.length < gzipSync(big).length * 1.01);
  assert.equal(whole.toString('hex', 0, 10), '1f8b08000000000000ff');
  for (const level of [1, 9]) assert.ok(gunzipSync(await collect(gzipStream([big], { level }))).equals(big));
  assert.equal(gunzipSync(await collect(gzipStream([]))).length, 0);
});

test('gzipStream passes on what the source throws', async () => {
  async function* failing(): AsyncGenerator<Buffer> {
    yield sample;
    throw new TypeError('the disk');
  }
  await assert.rejects(collect(gzipStream(failing())), /the disk/);
});

test('a verified stream ends in an error when it is not what was promised', async () => {
  const bytes = Buffer.from('content');
  const digest = digestOf(bytes);
  const read = (expected: object) => collect(verifyStream(chunksOf(bytes, 3), expected));
  assert.deepEqual(await read({ digest, size: 7 }), bytes);
  assert.deepEqual(await read({}), bytes);
  for (const expected of [{ digest: digestOf('other') }, { digest, size: 8 }, { digest, size: 6 }]) {
    await assert.rejects(read(expected), { code: 'DIGEST_MISMATCH' });
  }
});
