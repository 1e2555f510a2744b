import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { packTar, type TarMember } from './pack-tar.ts';
import { readTar } from './read-tar.ts';
import type { TarHeader } from './tar-header.ts';

const dir = mkdtempSync(join(tmpdir(), 'slipway-tar-'));
after(() => rmSync(dir, { recursive: true }));
const hasGnuTar = spawnSync('tar', ['--version']).stdout?.includes('GNU tar') ?? false;
const hasPython = spawnSync('python3', ['--version']).status === 0;

type Unpacked = TarHeader & { readonly content: string };

async function* chunksOf(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

async function unpack(bytes: Buffer, chunkSize = 1000): Promise<Unpacked[]> {
  const entries: Unpacked[] = [];
  for await (const { body, takeBuffered, ...header } of readTar(chunksOf(bytes, chunkSize))) {
    const parts: Buffer[] = [];
    const buffered = takeBuffered();
    if (buffered) parts.push(buffered);
    else for await (const chunk of body) parts.push(chunk);
    entries.push({ ...header, content: Buffer.concat(parts).toString('latin1') });
  }
  return entries;
}

function member(header: Partial<TarHeader>, content = ''): TarMember {
  return {
    header: {
      ...{ path: 'file', type: 'file', mode: 0o644, uid: 0, gid: 0, mtimeNs: 0n },
      ...header,
      size: content.length,
    },
    content: Buffer.from(content, 'latin1'),
  };
}

const pack = (members: Iterable<TarMember>): Buffer => Buffer.concat([...packTar(members)]);

const name = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).filter((text) => !/[\0/\p{Surrogate}]/u.test(text)),
  fc.string({ unit: fc.constantFrom('a', 'b', '.'), minLength: 90, maxLength: 255 }),
);
const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => names.join('/'));
const xattrs = fc
  .uniqueArray(
    fc.tuple(
      name.filter((key) => !key.includes('=')),
      fc.uint8Array({ maxLength: 40 }),
    ),
    {
      maxLength: 3,
      selector: ([key]) => key,
    },
  )
  .map((pairs) => new Map(pairs.map(([key, value]) => [`user.${key}`, Buffer.from(value)])));
const common = fc.record({
  path,
  mode: fc.integer({ min: 0, max: 0o7777 }),
  uid: fc.oneof(fc.integer({ min: 0, max: 70000 }), fc.integer({ min: 0, max: 0xffffffff })),
  gid: fc.oneof(fc.integer({ min: 0, max: 70000 }), fc.integer({ min: 0, max: 0xffffffff })),
  mtimeNs: fc.oneof(
    fc.bigInt({ min: 0n, max: 4_000_000_000n }).map((seconds) => seconds * 1_000_000_000n),
    fc.bigInt({ min: -(10n ** 19n), max: 10n ** 20n }),
  ),
  xattrs,
});
const kind = fc.oneof(
  fc.string({ unit: 'binary-ascii', maxLength: 3000 }).map((content) => ({ type: 'file' as const, content })),
  fc.constantFrom({ type: 'directory' as const }, { type: 'fifo' as const }),
  path.map((linkTarget) => ({ type: 'symlink' as const, linkTarget })),
  path.map((linkTarget) => ({ type: 'link' as const, linkTarget })),
  fc
    .record({ major: fc.integer({ min: 0, max: 0o7777777 }), minor: fc.integer({ min: 0, max: 0o7777777 }) })
    .map(({ major, minor }) => ({ type: 'char' as const, rdev: { major, minor } })),
);

test('what was written is read back, whatever the chunks', async () => {
  const members = fc.array(fc.tuple(common, kind), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(members, fc.integer({ min: 1, max: 3000 }), async (drawn, chunkSize) => {
      const expected = drawn.map(([{ xattrs: attributes, ...header }, rest]): Unpacked => {
        const content = 'content' in rest ? rest.content : '';
        return { ...header, ...rest, ...(attributes.size && { xattrs: attributes }), size: content.length, content };
      });
      const archive = pack(expected.map(({ content, ...header }) => member(header, content)));
      const read = (await unpack(archive, chunkSize)).map((entry) =>
        entry.type === 'directory' ? { ...entry, path: entry.path.slice(0, -1) } : entry,
      );
      assert.deepEqual(read, expected);
    }),
    { numRuns: 150 },
  );
});

test('damage anywhere gives a clear error or other entries, never a crash', async () => {
  const archive = pack([
    member({ path: `${'long/'.repeat(40)}x`, uid: 3_000_000 }, 'hello'),
    member({ path: 'b' }, 'y'),
  ]);
  const damage = fc.record({ at: fc.nat(archive.length - 1), byte: fc.nat(255), end: fc.nat(archive.length) });
  await fc.assert(
    fc.asyncProperty(damage, async ({ at, byte, end }) => {
      const copy = Buffer.from(archive.subarray(0, Math.max(end, at + 1)));
      copy[at] = byte;
      await unpack(copy).catch((error) => assert.equal(error.code, 'ARCHIVE_INVALID', error.stack));
    }),
    { numRuns: 300 },
  );
});

const truncations: readonly (readonly [string, Buffer])[] = [
  ['within a header', pack([member({}, 'hello')]).subarray(0, 300)],
  ['within the content', pack([member({}, 'hello')]).subarray(0, 514)],
  ['within the padding', pack([member({}, 'hello')]).subarray(0, 700)],
  ['after a PAX header', pack([member({ uid: 3_000_000 })]).subarray(0, 1024)],
];
for (const [where, bytes] of truncations) {
  test(`an archive that ends ${where} is refused`, async () => {
    await assert.rejects(unpack(bytes), { code: 'ARCHIVE_INVALID' });
  });
}

test('a header that claims more than there is is refused without reserving memory for it', async () => {
  const archive = pack(
    [{ header: { ...member({}).header, size: 2 ** 52 }, content: { hostPath: '/dev/null' } }].slice(0, 0),
  );
  assert.equal(archive.length, 1024);
  const lying = Buffer.concat([...packTar([member({ path: 'x' }, 'abc')])]).subarray(0, 1024);
  lying.write('77777777777', 124);
  let sum = 256;
  for (let i = 0; i < 512; i++) if (i < 148 || i >= 156) sum += lying[i] ?? 0;
  lying.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  await assert.rejects(unpack(lying), { code: 'ARCHIVE_INVALID' });
});

test('a huge PAX header is refused', async () => {
  const xattrs = new Map([['user.big', Buffer.alloc(2 * 1024 * 1024)]]);
  await assert.rejects(unpack(pack([member({ xattrs })])), { code: 'ARCHIVE_INVALID' });
});

test('errors about layers carry the code of layers and no control characters', async () => {
  const layer = readTar(chunksOf(Buffer.alloc(512, 0x41), 100), {
    name: 'layer \u001b[31mx',
    errorCode: 'LAYER_CORRUPT',
  });
  await assert.rejects(layer.next(), (error: Error & { code: string }) => {
    assert.equal(error.code, 'LAYER_CORRUPT');
    assert.doesNotMatch(error.message, /\u001b/);
    return true;
  });
});

test('content that was not read is skipped, and cannot be read later', async () => {
  const archive = pack([member({ path: 'a' }, 'x'.repeat(5000)), member({ path: 'b' }, 'second')]);
  const entries = readTar(chunksOf(archive, 700));
  const { value: first } = await entries.next();
  const { value: second } = await entries.next();
  assert.deepEqual([first?.path, second?.path], ['a', 'b']);
  await assert.rejects(async () => {
    for await (const _ of first?.body ?? []);
  }, /was read after/);
});

test('the source is read to its end and closed when the loop is left', async () => {
  let events = '';
  async function* source(): AsyncGenerator<Buffer> {
    try {
      yield pack([member({}, 'x')]);
      yield Buffer.from('trailing');
      events += 'ended ';
    } finally {
      events += 'closed ';
    }
  }
  for await (const _ of readTar(source()));
  for await (const _ of readTar(source())) break;
  assert.equal(events, 'ended closed closed ');
});

test('a header is plain ustar where ustar can say it, as BuildKit writes it', () => {
  const block = pack([
    member({ path: 'd', type: 'directory', mode: 0o1777, uid: 1000, gid: 1000, mtimeNs: 1_000_000_000n }),
  ]);
  assert.equal(block.toString('latin1', 0, 3), 'd/\0');
  assert.equal(
    block.toString('latin1', 100, 265),
    `0001777\x000001750\x000001750\x0000000000000\x0000000000001\x00007470\x00 5${'\0'.repeat(100)}ustar\x0000`,
  );
  assert.equal(block.length, 512 + 1024);
});

test('GNU tar and Python read what we write', {
  skip: !(hasGnuTar && hasPython) && 'needs GNU tar and python3',
}, () => {
  const file = join(dir, 'ours.tar');
  const long = `${'deep/'.repeat(30)}${'n'.repeat(120)}`;
  const members = [
    member({ path: 'dir', type: 'directory', mode: 0o755 }),
    member({ path: 'dir/ünï' }, 'x'),
    member({ path: long, uid: 3_000_000, mtimeNs: 1_500_000_000_123_456_789n }, 'hello'),
    member({ path: 'link', type: 'link', linkTarget: long }),
    member({ path: 'sym', type: 'symlink', linkTarget: 't'.repeat(200) }),
    member({ path: 'null', type: 'char', rdev: { major: 1, minor: 3 } }),
    member({ path: 'caps', xattrs: new Map([['security.capability', Buffer.from([1, 0, 0, 2, 10, 255, 61])]]) }, 'c'),
  ];
  writeFileSync(file, pack(members));
  const paths = members.map(({ header }) => (header.type === 'directory' ? `${header.path}/` : header.path));
  assert.deepEqual(execFileSync('tar', ['--quoting-style=literal', '-tf', file]).toString().trim().split('\n'), paths);
  const script = `import tarfile,sys,json
print(json.dumps([[m.name,m.uid,m.size,m.linkname,m.devminor,m.pax_headers.get('mtime')] for m in tarfile.open(sys.argv[1])]))`;
  const seen = JSON.parse(execFileSync('python3', ['-c', script, file]).toString());
  assert.deepEqual(seen[2], [long, 3_000_000, 5, '', 0, '1500000000.123456789']);
  assert.deepEqual(seen[4], ['sym', 0, 0, 't'.repeat(200), 0, null]);
  assert.deepEqual(seen[5], ['null', 0, 0, '', 3, null]);
});

const FORMATS = ['v7', 'oldgnu', 'gnu', 'ustar', 'posix'];
for (const format of FORMATS) {
  test(`reads what GNU tar writes as ${format}`, { skip: !hasGnuTar && 'needs GNU tar' }, async () => {
    const root = mkdtempSync(join(dir, 'gnu-'));
    const isLong = !['v7', 'ustar'].includes(format);
    const script = `
      mkdir -p dir/sub && echo hello > dir/file && ln dir/file dir/hard && ln -s file dir/sym ${format === 'v7' ? '' : '&& mkfifo dir/fifo'}
      ${isLong ? `mkdir -p ${'x'.repeat(120)} && echo long > ${'x'.repeat(120)}/${'y'.repeat(120)} && ln -s ${'t'.repeat(200)} longlink` : ''}
      touch -d @-100 dir/sub && touch -d @1500000000.123456789 dir/file`;
    execFileSync('sh', ['-ec', script], { cwd: root });
    const options = [`--format=${format}`, '--sort=name', '--owner=name:70000', '--group=other:70001', '-C', root];
    const skipOld = ['v7', 'ustar'].includes(format) ? ['--mtime=@1500000000'] : [];
    const archive = execFileSync('tar', [...options, ...skipOld, '-cf', '-', '.'], { maxBuffer: 2 ** 24 });
    const entries = new Map((await unpack(archive)).map((entry) => [entry.path, entry]));
    assert.equal(entries.get('./dir/')?.type, 'directory');
    assert.equal(entries.get('./dir/file')?.content, 'hello\n');
    assert.deepEqual([entries.get('./dir/file')?.uid, entries.get('./dir/file')?.gid], [70000, 70001]);
    assert.equal(entries.get('./dir/hard')?.linkTarget, './dir/file');
    assert.equal(entries.get('./dir/sym')?.linkTarget, 'file');
    if (format !== 'v7') assert.equal(entries.get('./dir/fifo')?.type, 'fifo');
    if (!isLong) return;
    assert.equal(entries.get(`./${'x'.repeat(120)}/${'y'.repeat(120)}`)?.content, 'long\n');
    assert.equal(entries.get('./longlink')?.linkTarget, 't'.repeat(200));
    assert.equal(entries.get('./dir/sub/')?.mtimeNs, -100_000_000_000n);
    const fraction = format === 'posix' ? 123_456_789n : 0n;
    assert.equal(entries.get('./dir/file')?.mtimeNs, 1_500_000_000_000_000_000n + fraction);
  });
}

const SPARSE_FORMATS = [
  ['--format=gnu'],
  ...['0.0', '0.1', '1.0'].map((v) => ['--format=posix', `--sparse-version=${v}`]),
];
for (const format of SPARSE_FORMATS) {
  test(`reads GNU tar's sparse files: ${format.join(' ')}`, { skip: !hasGnuTar && 'needs GNU tar' }, async () => {
    const root = mkdtempSync(join(dir, 'sparse-'));
    const script = `
      truncate -s 3000000 sparse
      for i in $(seq 0 29); do printf "run $i" | dd of=sparse conv=notrunc bs=1 seek=$((i * 90000 + 12345)) 2>/dev/null; done`;
    execFileSync('sh', ['-ec', script], { cwd: root });
    const archive = execFileSync('tar', [...format, '-S', '-C', root, '-cf', '-', 'sparse'], { maxBuffer: 2 ** 24 });
    const [entry] = await unpack(archive);
    assert.equal(entry?.path, 'sparse');
    assert.equal(entry?.size, 3_000_000);
    assert.ok(archive.length < 2_000_000, 'the archive has holes');
    assert.ok(Buffer.from(entry?.content ?? '', 'latin1').equals(readFileSync(join(root, 'sparse'))));
  });
}
