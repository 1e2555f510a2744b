import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { KnownError } from '../../diagnostics/known-error.ts';
import type { Credentials } from '../credentials/credentials.ts';
import type { Descriptor } from '../descriptor.ts';
import { MEDIA_TYPE } from '../media-type.ts';
import { parseReference } from '../reference.ts';
import { fetchBlobs } from './pull-image.ts';
import { RegistryClient, type RegistryClientOptions } from './registry-client.ts';
import { RegistryDouble, type RegistryDoubleOptions } from './registry-double.test-fixture.ts';
import { RegistryError } from './registry-error.ts';
import type { TransferProgress } from './transfer-progress.ts';

const RETRY = { attempts: 3, baseDelayMs: 1, maxDelayMs: 2000 };
const BLOB = randomBytes(300_000);
const LOGIN: Credentials = { kind: 'password', username: 'me', password: 'pass', source: 'the test' };

interface Rig {
  readonly double: RegistryDouble;
  readonly client: RegistryClient;
  readonly repository: ReturnType<typeof parseReference>;
  readonly blob: Descriptor;
}

async function withRegistry(
  use: (rig: Rig) => Promise<void>,
  options: RegistryDoubleOptions & Partial<RegistryClientOptions> = {},
): Promise<void> {
  await using double = await RegistryDouble.start(options);
  await using client = new RegistryClient({ env: {}, retry: RETRY, ...options });
  const repository = parseReference(`${double.host}/team/app:v1`);
  const blob = double.addBlob('team/app', BLOB);
  double.addManifest('team/app', 'v1', manifest(blob));
  await use({ double, client, repository, blob });
}

function manifest(blob: Descriptor) {
  return { schemaVersion: 2, mediaType: MEDIA_TYPE.ociManifest, config: blob, layers: [blob] };
}

async function download({ client, repository }: Rig, blob: Descriptor, progress?: TransferProgress[]): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const onProgress = (event: TransferProgress) => progress?.push(event);
  for await (const chunk of client.fetchBlob(repository, blob, { onProgress })) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function known(code: string, part: RegExp = /./) {
  return (error: unknown) => error instanceof KnownError && error.code === code && part.test(error.message);
}

test('fetches and resolves a manifest by tag and by digest', () =>
  withRegistry(async ({ client, repository }) => {
    const { descriptor, bytes } = await client.fetchManifest(repository);
    assert.equal(descriptor.mediaType, MEDIA_TYPE.ociManifest);
    assert.equal(descriptor.size, bytes.length);
    assert.deepEqual(await client.resolveManifest(repository), descriptor);
    const byDigest = parseReference(`${repository.registry}/team/app@${descriptor.digest}`);
    assert.deepEqual((await client.fetchManifest(byDigest)).bytes, bytes);
  }));

test('refuses a manifest whose bytes are not those of its digest', () =>
  withRegistry(async ({ double, client, repository }) => {
    const { descriptor } = await client.fetchManifest(repository);
    for (const name of [`team/app@${descriptor.digest}`, 'team/app:v1']) {
      double.fail({ path: /manifests/, corrupt: true });
      await assert.rejects(client.fetchManifest(parseReference(`${double.host}/${name}`)), known('DIGEST_MISMATCH'));
    }
  }));

test('refuses a manifest that does not end', () =>
  withRegistry(async ({ double, client, repository }) => {
    double.fail({ path: /manifests/, padding: 5_000_000, chunked: true });
    await assert.rejects(client.fetchManifest(repository), known('REGISTRY_FAILED', /more than 4194304 bytes/));
  }));

test('names a similar tag, or says that the repository is missing', () =>
  withRegistry(async ({ double, client, blob }) => {
    for (const tag of ['latest', 'v2', 'v3']) double.addManifest('team/app', tag, manifest(blob));
    const missing = client.fetchManifest(parseReference(`${double.host}/team/app:lates`));
    await assert.rejects(missing, { code: 'REGISTRY_NOT_FOUND', status: 404, hint: 'Did you mean the tag "latest"?' });
    const other = client.resolveManifest(parseReference(`${double.host}/team/other`));
    await assert.rejects(other, { code: 'REGISTRY_NOT_FOUND', hint: 'The repository does not exist either.' });
  }));

test('lists tags over several pages', () =>
  withRegistry(async ({ double, client, repository, blob }) => {
    for (const tag of ['a', 'b', 'c', 'd']) double.addManifest('team/app', tag, manifest(blob));
    assert.deepEqual(await client.listTags(repository), ['a', 'b', 'c', 'd', 'v1']);
    assert.deepEqual(await client.listTags(repository, { limit: 3 }), ['a', 'b', 'c']);
  }));

test('streams a blob and reports its bytes', () =>
  withRegistry(async (rig) => {
    const progress: TransferProgress[] = [];
    assert.deepEqual(await download(rig, rig.blob, progress), BLOB);
    assert.deepEqual(progress[0], { id: rig.blob.digest, current: 0, total: BLOB.length, done: false });
    assert.deepEqual(progress.at(-1), { id: rig.blob.digest, current: BLOB.length, total: BLOB.length, done: true });
  }));

test('fetches an empty blob', () =>
  withRegistry(async (rig) => {
    assert.equal((await download(rig, rig.double.addBlob('team/app', Buffer.alloc(0)))).length, 0);
  }));

test('continues a blob where it was cut, as often as there is progress', () =>
  withRegistry(async (rig) => {
    rig.double.fail({ path: /blobs/, cutAfter: 50_000, times: 5 });
    assert.deepEqual(await download(rig, rig.blob), BLOB);
    const ranges = rig.double.requests.map(({ headers }) => headers.range).filter(Boolean);
    assert.equal(ranges.length, 5);
    assert.equal(ranges[0], 'bytes=50000-');
  }));

test('skips what it has when the registry ignores the range', () =>
  withRegistry(async (rig) => {
    rig.double.fail({ path: /blobs/, cutAfter: 100_001 });
    rig.double.fail({ path: /blobs/, ignoreRange: true, chunked: true });
    assert.deepEqual(await download(rig, rig.blob), BLOB);
  }));

test('gives up when a blob is cut without progress', () =>
  withRegistry(async (rig) => {
    rig.double.fail({ path: /blobs/, cutAfter: 0, times: 100 });
    await assert.rejects(download(rig, rig.blob), known('REGISTRY_UNREACHABLE', /the connection was cut/));
    assert.ok(rig.double.requests.length < 12);
  }));

const LIES = [
  { name: 'other bytes', fault: { corrupt: true } },
  { name: 'more bytes', fault: { padding: 10 } },
  { name: 'more bytes without a length', fault: { padding: 10, chunked: true } },
  { name: 'a length that is too small', fault: { claimLength: 1000 } },
  { name: 'a huge length', fault: { claimLength: 1e12, cutAfter: 10 } },
];

for (const { name, fault } of LIES) {
  test(`refuses a blob that comes with ${name}`, () =>
    withRegistry(async (rig) => {
      rig.double.fail({ path: /blobs/, ...fault });
      await assert.rejects(download(rig, rig.blob), known('DIGEST_MISMATCH'));
    }));
}

test('tries again after errors that pass, and waits as long as it is asked to', () =>
  withRegistry(async (rig) => {
    rig.double.fail({ path: /manifests/, status: 503 });
    rig.double.fail({ path: /manifests/, cutAfter: 0 });
    await rig.client.fetchManifest(rig.repository);
    rig.double.fail({ path: /blobs/, status: 429, headers: { 'retry-after': '1' } });
    const started = performance.now();
    await download(rig, rig.blob);
    assert.ok(performance.now() - started >= 990);
  }));

test('gives up on errors that stay', () =>
  withRegistry(async ({ double, client, repository }) => {
    double.fail({ path: /manifests/, status: 500, times: 3 });
    await assert.rejects(client.fetchManifest(repository), { code: 'REGISTRY_FAILED', status: 500, retryable: true });
    assert.equal(double.seen.length, 3);
    double.fail({
      path: /manifests/,
      status: 429,
      headers: { 'retry-after': '3600' },
      body: '{"errors":[{"message":"slow down"}]}',
    });
    await assert.rejects(client.fetchManifest(repository), {
      code: 'REGISTRY_RATE_LIMITED',
      hint: 'Try again in 3600 seconds; a login usually raises the limit.',
    });
    assert.equal(double.seen.length, 4);
  }));

test('cleans what a registry says', () =>
  withRegistry(async ({ double, client, repository }) => {
    const message = `\u001b[31mdenied\nhttps://me:pw@host/?token=abc ${'x'.repeat(1000)}`;
    double.fail({ path: /manifests/, status: 403, body: JSON.stringify({ errors: [{ message }] }) });
    await assert.rejects(client.fetchManifest(repository), (error: unknown) => {
      assert.ok(error instanceof RegistryError);
      assert.equal(error.code, 'REGISTRY_DENIED');
      assert.doesNotMatch(error.message, /\u001b|\n|pw|abc/);
      assert.ok(error.message.length < 500);
      return true;
    });
    double.fail({ path: /manifests/, status: 403, body: 'null' });
    await assert.rejects(client.fetchManifest(repository), known('REGISTRY_DENIED'));
  }));

test('says which port does not answer', async () => {
  await using client = new RegistryClient({ env: {}, retry: RETRY });
  await using double = await RegistryDouble.start();
  const { host } = double;
  await double[Symbol.asyncDispose]();
  const fetching = client.fetchManifest(parseReference(`${host}/app`));
  await assert.rejects(
    fetching,
    known('REGISTRY_UNREACHABLE', new RegExp(`port ${host.split(':')[1]}: the connection was refused`)),
  );
});

test('stops at once when it is aborted', () =>
  withRegistry(async ({ double, client, repository, blob }) => {
    await client.fetchManifest(repository);
    double.fail({ path: /./, delayMs: 5000, times: 9 });
    await assert.rejects(client.fetchManifest(repository, { signal: AbortSignal.timeout(20) }), {
      name: 'TimeoutError',
    });
    const fetching = client.fetchBlob(repository, blob, { signal: AbortSignal.timeout(20) }).next();
    await assert.rejects(fetching, { name: 'TimeoutError' });
    await assert.rejects(client.listTags(repository, { signal: AbortSignal.abort() }), { name: 'AbortError' });
  }));

test('stops within a wait when it is aborted', () =>
  withRegistry(
    async ({ double, client, repository }) => {
      double.fail({ path: /manifests/, status: 503, times: 9 });
      await assert.rejects(client.fetchManifest(repository, { signal: AbortSignal.timeout(50) }), {
        name: 'TimeoutError',
      });
    },
    { retry: { attempts: 5, baseDelayMs: 10_000, maxDelayMs: 10_000 } },
  ));

test('follows a redirect without the Authorization header', async () => {
  const seen: (string | undefined)[] = [];
  const storage = createServer((request, response) => {
    seen.push(request.headers.authorization);
    response.end(BLOB);
  });
  await new Promise<void>((resolve) => storage.listen(0, '127.0.0.1', resolve));
  const location = `http://127.0.0.1:${(storage.address() as AddressInfo).port}/store?signature=1`;
  await withRegistry(
    async (rig) => {
      rig.double.fail({ path: /blobs/, method: 'NONE' });
      await rig.client.fetchManifest(rig.repository);
      rig.double.fail({ path: /blobs/, status: 307, headers: { location } });
      assert.deepEqual(await download(rig, rig.blob), BLOB);
      assert.ok(rig.double.requests.at(-1)?.headers.authorization);
      assert.deepEqual(seen, [undefined]);
    },
    { auth: 'basic', login: { username: 'me', password: 'pass' }, credentials: async () => LOGIN },
  );
  await new Promise((resolve) => storage.close(resolve));
});

test('does not follow redirects for ever', () =>
  withRegistry(async ({ double, client, repository }) => {
    double.fail({ path: /manifests/, status: 302, headers: { location: '/v2/team/app/manifests/v1' }, times: 99 });
    await assert.rejects(client.fetchManifest(repository), known('REGISTRY_FAILED', /in a circle/));
    double.fail({ path: /tags/, status: 302, headers: { location: 'file:///etc/passwd' } });
    await assert.rejects(client.listTags(repository), known('REGISTRY_FAILED', /not HTTPS/));
  }));

test('logs in with a password when asked, and only then', async () => {
  let asked = 0;
  const credentials = async () => {
    asked++;
    return LOGIN;
  };
  await withRegistry(async ({ client, repository }) => void (await client.fetchManifest(repository)), { credentials });
  assert.equal(asked, 0);
  await withRegistry(
    async (rig) => {
      await rig.client.fetchManifest(rig.repository);
      await download(rig, rig.blob);
      assert.deepEqual(
        rig.double.requests.map(({ headers }) => headers.authorization !== undefined),
        [false, false, true, true],
      );
    },
    { auth: 'basic', login: { username: 'me', password: 'pass' }, credentials },
  );
  assert.equal(asked, 1);
});

test('takes one anonymous token for all requests to a repository', () =>
  withRegistry(
    async (rig) => {
      await rig.client.fetchManifest(rig.repository);
      await Promise.all([download(rig, rig.blob), download(rig, rig.blob), rig.client.listTags(rig.repository)]);
      const tokens = rig.double.requests.filter(({ url }) => url.startsWith('/token'));
      assert.deepEqual(
        tokens.map(({ url }) => url),
        ['/token?service=double&scope=repository%3Ateam%2Fapp%3Apull'],
      );
    },
    { auth: 'bearer' },
  ));

test('takes a new token when the old one is refused, one for all', () =>
  withRegistry(
    async (rig) => {
      await rig.client.fetchManifest(rig.repository);
      rig.double.revokeTokens();
      await Promise.all([1, 2, 3].map(() => download(rig, rig.blob)));
      assert.ok(rig.double.requests.filter(({ url }) => url.startsWith('/token')).length <= 3);
    },
    { auth: 'bearer', login: { username: 'me', password: 'pass' }, credentials: async () => LOGIN },
  ));

test('exchanges an identity token', () =>
  withRegistry(
    async ({ client, repository, double }) => {
      await client.fetchManifest(repository);
      const exchange = double.requests.find(({ url }) => url === '/token');
      assert.equal(exchange?.method, 'POST');
      assert.equal(exchange?.headers.authorization, undefined);
    },
    {
      auth: 'bearer',
      login: { username: 'me', password: 'pass' },
      refreshToken: 'refresh',
      credentials: async () => ({ kind: 'identity-token', token: 'refresh', source: 'the test' }),
    },
  ));

test('says whose login was refused, or that one is needed', async () => {
  const wrong = { ...LOGIN, password: 'no' } as Credentials;
  const login = { username: 'me', password: 'pass' };
  for (const auth of ['basic', 'bearer'] as const) {
    await withRegistry(
      async ({ client, repository }) => {
        await assert.rejects(
          client.fetchManifest(repository),
          known('REGISTRY_UNAUTHORIZED', /with the login from the test/),
        );
      },
      { auth, login, credentials: async () => wrong },
    );
    await withRegistry(
      async ({ client, repository }) => {
        await assert.rejects(client.fetchManifest(repository), (error: unknown) => {
          assert.ok(error instanceof RegistryError);
          assert.match(error.hint ?? '', /slipway login/);
          return error.code === 'REGISTRY_UNAUTHORIZED';
        });
      },
      { auth, login },
    );
  }
});

test('goes on without credentials that cannot be read, and tells of them when it is refused', async () => {
  const credentials = async () => {
    throw new KnownError('CREDENTIALS_INVALID', 'the helper is broken.');
  };
  await withRegistry(async ({ client, repository }) => void (await client.fetchManifest(repository)), {
    auth: 'bearer',
    credentials,
  });
  await withRegistry(
    async ({ client, repository }) => {
      const refused = client.fetchManifest(repository);
      await assert.rejects(refused, { hint: 'The credentials could not be read: the helper is broken.' });
    },
    { auth: 'basic', login: { username: 'me', password: 'pass' }, credentials },
  );
});

test('fetches several blobs and stops all when one fails', () =>
  withRegistry(async ({ double, client, repository, blob }) => {
    const others = [1, 2, 3].map((n) => double.addBlob('team/app', Buffer.alloc(50_000, n)));
    const received = new Map<string, number>();
    const write = async ({ digest }: Descriptor, chunks: AsyncIterable<Buffer>) => {
      for await (const chunk of chunks) received.set(digest, (received.get(digest) ?? 0) + chunk.length);
    };
    await fetchBlobs(client, repository, { blobs: [blob, ...others, blob], write });
    assert.deepEqual([...received.values()].sort(), [300_000, 50_000, 50_000, 50_000]);
    double.fail({ path: /blobs/, status: 404 });
    await assert.rejects(fetchBlobs(client, repository, { blobs: others, write }), { code: 'REGISTRY_NOT_FOUND' });
    const signal = AbortSignal.abort();
    await assert.rejects(fetchBlobs(client, repository, { blobs: others, write, signal }), { name: 'AbortError' });
  }));

test('checks a login', async () => {
  const login = { username: 'me', password: 'pass' };
  for (const auth of ['basic', 'bearer'] as const) {
    const credentials = async () => LOGIN;
    await withRegistry(({ client, double }) => client.checkLogin(double.host), { auth, login, credentials });
    await withRegistry(
      async ({ client, double }) => {
        await assert.rejects(client.checkLogin(double.host), { code: 'REGISTRY_UNAUTHORIZED' });
      },
      { auth, login: { username: 'me', password: 'other' }, credentials },
    );
  }
});

test('keeps to the number of transfers at once, and a transfer that is left frees its place', () =>
  withRegistry(
    async (rig) => {
      const first = rig.client.fetchBlob(rig.repository, rig.blob);
      await first.next();
      let started = false;
      const second = download(rig, rig.blob).then(() => {
        started = true;
      });
      await new Promise((resolve) => setTimeout(resolve, 30));
      assert.equal(started, false);
      await first.return();
      await second;
    },
    { maxTransfers: 1 },
  ));
