import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { type FetchHttpOptions, fetchHttp } from './fetch-http.ts';

const root = mkdtempSync(join(tmpdir(), 'slipway-http-'));
const servers: Server[] = [];
after(() => {
  for (const server of servers) server.close().closeAllConnections();
  rmSync(root, { recursive: true });
});

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

async function serve(answer: Answer): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return typeof address === 'object' && address ? `http://127.0.0.1:${address.port}` : assert.fail();
}

let files = 0;
async function download(url: string, options: Partial<FetchHttpOptions> = {}) {
  const path = join(root, `file-${files++}`);
  const outcome = await fetchHttp(url, path, { env: {}, signal: new AbortController().signal, ...options });
  return { path, outcome };
}

const sha256 = (data: Buffer) => `sha256:${createHash('sha256').update(data).digest('hex')}`;
const CONTENT = Buffer.alloc(300_000, 'slipway ');

test('a file comes whole, with its digest, name, time and mode', async () => {
  const url = await serve((_, response) => {
    response.setHeader('last-modified', 'Thu, 01 Jan 2015 00:00:00 GMT');
    response.setHeader('etag', '"1"');
    response.end(CONTENT);
  });
  const { path, outcome } = await download(`${url}/a/b.tar?x=1`, { checksum: sha256(CONTENT) });
  assert.deepEqual(outcome, {
    status: 'fetched',
    digest: sha256(CONTENT),
    sizeBytes: CONTENT.length,
    fileName: 'b.tar',
    modifiedMs: Date.UTC(2015, 0, 1),
    etag: '"1"',
  });
  assert.ok(readFileSync(path).equals(CONTENT));
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.equal(statSync(path).mtimeMs, Date.UTC(2015, 0, 1));
});

test('without Last-Modified the time is the epoch', async () => {
  const url = await serve((_, response) => response.end('x'));
  const { path } = await download(url);
  assert.equal(statSync(path).mtimeMs, 0);
});

test('a transfer that breaks goes on where it broke', async () => {
  const ranges: (string | undefined)[] = [];
  const url = await serve((request, response) => {
    ranges.push(request.headers.range);
    response.setHeader('etag', '"1"');
    const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
    response.setHeader('content-length', CONTENT.length - from);
    if (from > 0) response.setHeader('content-range', `bytes ${from}-${CONTENT.length - 1}/${CONTENT.length}`);
    response.statusCode = from > 0 ? 206 : 200;
    const to = ranges.length < 3 ? from + 100_000 : CONTENT.length;
    response.write(CONTENT.subarray(from, to), () => {
      if (to < CONTENT.length) setTimeout(() => response.destroy(), 20);
      else response.end();
    });
  });
  const { path, outcome } = await download(url);
  assert.equal(outcome.status === 'fetched' && outcome.digest, sha256(CONTENT));
  assert.ok(readFileSync(path).equals(CONTENT));
  assert.ok(ranges.length >= 3 && ranges[1]?.startsWith('bytes='));
});

test('a file that changed since the transfer broke starts over', async () => {
  let asked = 0;
  const other = Buffer.alloc(1000, 'y');
  const url = await serve((_, response) => {
    response.setHeader('etag', `"${asked}"`);
    if (asked++ > 0) return void response.end(other);
    response.setHeader('content-length', CONTENT.length);
    response.write(CONTENT.subarray(0, 5000), () => setTimeout(() => response.destroy(), 20));
  });
  const { path } = await download(url);
  assert.ok(readFileSync(path).equals(other));
});

test('what is still the same is not sent again', async () => {
  const url = await serve((request, response) => {
    response.statusCode = request.headers['if-none-match'] === '"1"' ? 304 : 200;
    response.end();
  });
  assert.deepEqual((await download(url, { etag: '"1"' })).outcome, { status: 'not-modified' });
});

test('redirects are followed, and credentials stay with their host', async () => {
  const seen: (string | undefined)[] = [];
  const other = await serve((request, response) => {
    seen.push(request.headers.authorization);
    response.end('there');
  });
  const url = await serve((request, response) => {
    seen.push(request.headers.authorization);
    response.statusCode = 302;
    response.setHeader('location', request.url === '/' ? '/next' : other);
    response.end();
  });
  const { path } = await download(url.replace('://', '://me:secret@'));
  assert.equal(readFileSync(path, 'utf8'), 'there');
  const basic = `Basic ${Buffer.from('me:secret').toString('base64')}`;
  assert.deepEqual(seen, [basic, basic, undefined]);
});

const FAILURES: readonly (readonly [
  title: string,
  answer: Answer,
  options: Partial<FetchHttpOptions>,
  code: string,
])[] = [
  ['a status of failure', (_, response) => void response.writeHead(404).end(), {}, 'CONTEXT_FETCH_FAILED'],
  [
    'a code of the caller',
    (_, response) => void response.writeHead(404).end(),
    { code: 'ADD_FETCH_FAILED' },
    'ADD_FETCH_FAILED',
  ],
  [
    'another checksum',
    (_, response) => void response.end('x'),
    { checksum: `sha256:${'0'.repeat(64)}` },
    'ADD_CHECKSUM_MISMATCH',
  ],
  [
    'an announced size beyond the limit',
    (_, response) => void response.end(CONTENT),
    { maxBytes: 10 },
    'CONTEXT_FETCH_FAILED',
  ],
  [
    'an unannounced size beyond the limit',
    (_, response) => {
      response.write(CONTENT);
      response.end();
    },
    { maxBytes: 10 },
    'CONTEXT_FETCH_FAILED',
  ],
  [
    'redirects without end',
    (_, response) => void response.writeHead(302, { location: '/' }).end(),
    {},
    'CONTEXT_FETCH_FAILED',
  ],
  [
    'a redirect to a file',
    (_, response) => void response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
    {},
    'CONTEXT_FETCH_FAILED',
  ],
];

for (const [title, answer, options, code] of FAILURES) {
  test(`${title} is an error, and nothing is left behind`, async () => {
    const before = readdirSync(root).length;
    await assert.rejects(download(await serve(answer), options), { code });
    assert.equal(readdirSync(root).length, before);
  });
}

test('nobody listening is an error without a password in it', async () => {
  await assert.rejects(download('http://me:hunter2@127.0.0.1:1/x'), (error: Error & { code?: string }) => {
    return error.code === 'CONTEXT_FETCH_FAILED' && !error.message.includes('hunter2');
  });
});

test('an abort ends a download', async () => {
  const url = await serve((_, response) => void response.write('x'));
  const controller = new AbortController();
  const downloading = download(url, { signal: controller.signal });
  setTimeout(() => controller.abort(new Error('Ctrl-C')), 50);
  await assert.rejects(downloading, /Ctrl-C/);
});
