import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { NO_REGISTRY, startRegistry } from './registry.ts';
import { CHECKOUT, createRig, debianImage, importBusybox, namesIn, type Rig } from './rig.ts';

const EPOCH = 'SOURCE_DATE_EPOCH=1700000000';
const DOCKERFILE = `FROM busybox AS build
WORKDIR /src
COPY input ./
RUN tr a-z A-Z < input > /output && mkdir -p /tree/a && ln -s ../b /tree/a/link && chmod 4755 /output
FROM busybox
RUN rm /bin/false && mkdir /data && echo step > /data/step
COPY --from=build /output /tree /final/
COPY --link --from=build /src/input /linked
RUN --mount=type=bind,from=build,source=/src,target=/mnt ls /mnt > /listing
`;

function context(rig: Rig, input = 'some text'): string {
  return rig.files('context', { Dockerfile: DOCKERFILE, input });
}

/** Other machines: each another store and another folder, with the same base. */
function rigs(t: TestContext, count: number): Rig[] {
  const all = Array.from({ length: count }, () => createRig(t));
  const base = join(all[0]?.dir ?? '', 'base');
  importBusybox(all[0] as Rig);
  copyStore(all[0]?.store ?? '', base);
  for (const rig of all) renewStore(rig, base);
  BASES.set(all[1] ?? (all[0] as Rig), base);
  return all;
}

/** Where the store with nothing but the base is kept. */
const BASES = new WeakMap<Rig, string>();

/** An image's id has the time it was made at: only a copy is the same base. */
function renewStore(rig: Rig, base = BASES.get(rig) ?? ''): void {
  rmSync(rig.store, { recursive: true, force: true });
  copyStore(base, rig.store);
}

function copyStore(from: string, to: string): void {
  assert.equal(spawnSync('cp', ['-a', from, to]).status, 0);
}

function build(rig: Rig, ...args: readonly string[]): { readonly id: string; readonly log: string } {
  return buildNow(rig, '--build-arg', EPOCH, ...args);
}

/** Without SOURCE_DATE_EPOCH: the layers of a cache are those of the image, and its times those of the records. */
function buildNow(rig: Rig, ...args: readonly string[]): { readonly id: string; readonly log: string } {
  const iid = join(rig.dir, 'iid');
  const flags = ['--progress', 'plain', '--iidfile', iid];
  const { status, stderr } = rig.slipway('build', ...flags, ...args, context(rig));
  assert.equal(status, 0, stderr);
  return { id: readFileSync(iid, 'utf8'), log: stderr };
}

function ran(log: string): string[] {
  const names = new Map([...log.matchAll(/^#(\d+) (\[.*\] .*)$/gm)].map(([, number, name]) => [number, name]));
  return [...log.matchAll(/^#(\d+) DONE/gm)].flatMap(([, number]) => names.get(number) ?? []);
}

test('a cache in a folder gives another machine the same image, and its record says from where', (t) => {
  const [a, b, nothing] = rigs(t, 3) as [Rig, Rig, Rig];
  const cache = join(a.dir, 'cache');
  const first = build(a, '--cache-to', `type=local,dest=${cache},mode=max`);
  const second = build(b, '--cache-from', `type=local,src=${cache}`);
  assert.deepEqual(ran(second.log), []);
  assert.equal(second.id, first.id);
  assert.equal(build(nothing).id, first.id, 'built from nothing');
  const steps = JSON.parse(b.ok('explain', '--format', 'json')).steps as { outcome: string; importedFrom?: string }[];
  const hits = steps.filter(({ outcome }) => outcome === 'hit');
  assert.equal(hits.length, 8);
  assert.ok(hits.every(({ importedFrom }) => importedFrom === cache));
  assert.match(b.ok('explain'), /RUN rm .*cached, imported from /);
  // Nothing was unpacked for it, and it can be unpacked all the same.
  assert.deepEqual(
    readFileSync(join(unpacked(b, second.id), 'final/output'), 'utf8'),
    readFileSync(join(unpacked(a, first.id), 'final/output'), 'utf8'),
  );
});

function unpacked(rig: Rig, id: string): string {
  const folder = join(rig.dir, 'unpacked');
  const files = rig.files('from', {
    Dockerfile: 'ARG IMAGE\nFROM $IMAGE AS image\nFROM scratch\nCOPY --from=image / /\n',
  });
  rig.ok('tag', id, 'example.test/image');
  rig.ok('build', '--build-arg', 'IMAGE=example.test/image', '-o', folder, files);
  return folder;
}

test('a changed input runs what follows it, on top of what was imported', (t) => {
  const [a, b] = rigs(t, 2) as [Rig, Rig];
  const cache = `type=local,mode=max,dest=${join(a.dir, 'cache')}`;
  build(a, '--cache-to', cache);
  b.files('context', {});
  const flags = ['--build-arg', EPOCH, '--progress', 'plain', '--cache-from', `type=local,src=${join(a.dir, 'cache')}`];
  const changed = b.slipway('build', ...flags, '-t', 'changed', context(b, 'other text'));
  assert.equal(changed.status, 0, changed.stderr);
  assert.deepEqual(
    ran(changed.stderr).filter((name) => /WORKDIR|RUN rm/.test(name)),
    [],
  );
  assert.ok(ran(changed.stderr).some((name) => name.includes('RUN tr')));
  a.ok('build', '--build-arg', EPOCH, '-t', 'changed', context(a, 'other text'));
  assert.equal(b.ok('inspect', '-f', '{{.Id}}', 'changed'), a.ok('inspect', '-f', '{{.Id}}', 'changed'));
});

test('mode=min knows only the result, and that is enough as long as nothing changes', (t) => {
  const [a, b] = rigs(t, 2) as [Rig, Rig];
  const cache = join(a.dir, 'cache');
  const first = build(a, '--cache-to', `type=local,dest=${cache}`);
  const max = join(a.dir, 'max');
  build(a, '--cache-to', `type=local,dest=${max},mode=max`);
  assert.ok(namesIn(join(cache, 'blobs/sha256')).length < namesIn(join(max, 'blobs/sha256')).length);
  const second = build(b, '--cache-from', `type=local,src=${cache}`);
  assert.deepEqual([second.id, ran(second.log)], [first.id, []]);
  const plan = JSON.parse(
    b.ok('plan', '--build-arg', EPOCH, '--format', 'json', '--cache-from', `type=local,src=${cache}`, context(b)),
  );
  assert.equal(plan.wouldRun, 0);
});

test('through a registry a full hit downloads no layer and pushes the same image', { skip: NO_REGISTRY }, async (t) => {
  const [a, b] = rigs(t, 2) as [Rig, Rig];
  const registry = await startRegistry(t, a);
  const cache = `${registry}/team/app:cache`;
  // The base is no registry's here: its layer has to be sent by both.
  const first = buildNow(
    a,
    '-t',
    `${registry}/team/app:1`,
    '--push',
    '--cache-to',
    `type=registry,ref=${cache},mode=max`,
  );
  const second = buildNow(b, '-t', `${registry}/team/app:2`, '--push', '--cache-from', cache);
  assert.deepEqual([second.id, ran(second.log)], [first.id, []]);
  assert.ok(namesIn(join(b.store, 'snapshots')).length <= 1, 'no snapshot but the base was unpacked');
  const layers = manifestOf(await fetch(`http://${registry}/v2/team/app/manifests/2`, ACCEPT).then((r) => r.text()));
  assert.equal(layers.length, 5);
  const own = layers.slice(1).filter((digest) => existsSync(join(b.store, 'blobs/sha256', digest.slice(7))));
  assert.deepEqual(own, []);
});

const ACCEPT = { headers: { accept: 'application/vnd.oci.image.manifest.v1+json' } };

function manifestOf(text: string): string[] {
  return (JSON.parse(text).layers as { digest: string }[]).map(({ digest }) => digest);
}

test('every form of artifact is read back', { skip: NO_REGISTRY }, async (t) => {
  const [a, b] = rigs(t, 2) as [Rig, Rig];
  const registry = await startRegistry(t, a);
  const forms = [
    'image-manifest=false',
    'oci-mediatypes=false',
    'compression=uncompressed',
    'compression-level=9,force-compression=true',
  ];
  for (const [index, form] of forms.entries()) {
    const ref = `${registry}/cache:${index}`;
    const first = build(a, '--cache-to', `type=registry,ref=${ref},mode=max,${form}`);
    renewStore(b);
    const second = build(b, '--cache-from', `type=registry,ref=${ref}`);
    assert.deepEqual([second.id, ran(second.log)], [first.id, []], form);
  }
});

test('an image carries its own cache', { skip: NO_REGISTRY }, async (t) => {
  const [a, b] = rigs(t, 2) as [Rig, Rig];
  const registry = await startRegistry(t, a);
  const first = build(a, '-t', `${registry}/app:1`, '--push', '--cache-to', 'type=inline');
  const second = build(b, '--cache-to', 'inline', '--cache-from', `${registry}/app:1`);
  assert.deepEqual([second.id, ran(second.log)], [first.id, []]);
  const plain = build(a, '-t', `${registry}/app:plain`, '--push');
  assert.notEqual(plain.id, first.id);
  const without = build(b, '--cache-from', `${registry}/app:plain`);
  assert.match(without.log, /warning: .*app:plain is not used: .* image without a cache in it/);
});

test('several sources: one that is missing, one that is broken and one that works', {
  skip: NO_REGISTRY,
}, async (t) => {
  const [a, b] = rigs(t, 2) as [Rig, Rig];
  const registry = await startRegistry(t, a);
  const good = join(a.dir, 'good');
  const first = build(a, '--cache-to', `type=local,dest=${good},mode=max`);
  b.files('broken', { 'index.json': '{"manifests": 7}', 'oci-layout': '{}' });
  const sources = [
    `${registry}/nothing:here`,
    '127.0.0.1:1/nobody:answers',
    `type=local,src=${join(b.dir, 'broken')}`,
    `type=local,src=${good}`,
  ];
  const second = build(b, ...sources.flatMap((source) => ['--cache-from', source]));
  assert.deepEqual([second.id, ran(second.log)], [first.id, []]);
  assert.match(second.log, /There is no cache .*nothing:here yet/);
  assert.match(second.log, /nobody:answers is not used/);
  assert.match(second.log, /broken is not used/);
});

test('a layer that turns out damaged in the middle of a build is made here instead', (t) => {
  const [a, b] = rigs(t, 2) as [Rig, Rig];
  const cache = join(a.dir, 'cache');
  const first = build(a, '--cache-to', `type=local,dest=${cache},mode=max`);
  for (const damage of [damageLayers, removeLayers, swapLayers]) {
    damage(cache);
    renewStore(b);
    const second = build(b, '--cache-from', `type=local,src=${cache}`, '-o', join(b.dir, 'out'), '-t', 'x', '--load');
    assert.match(second.log, /cache is not used/, damage.name);
    assert.equal(second.id, first.id, damage.name);
    rmSync(cache, { recursive: true });
    build(a, '--cache-to', `type=local,dest=${cache},mode=max`);
  }
});

function layerFiles(cache: string): string[] {
  const folder = join(cache, 'blobs/sha256');
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .filter((path) => readFileSync(path)[0] === 0x1f);
}

function damageLayers(cache: string): void {
  for (const path of layerFiles(cache)) {
    const bytes = readFileSync(path);
    bytes[20] = (bytes[20] ?? 0) ^ 0xff;
    chmodSync(path, 0o644);
    writeFileSync(path, bytes);
  }
}

function removeLayers(cache: string): void {
  for (const path of layerFiles(cache)) rmSync(path);
}

/** Every digest and size is right, but the config says of each layer that it is the next one. */
function swapLayers(cache: string): void {
  rewriteConfig(cache, (config) => {
    const [first, ...rest] = config.layers;
    return { ...config, layers: [...rest, first] };
  });
}

interface Config {
  readonly layers: readonly unknown[];
  readonly records: readonly Record<string, unknown>[];
}

/** As somebody would who may write to the cache: the config changed, every digest made right again. */
function rewriteConfig(cache: string, change: (config: Config) => unknown): void {
  const blob = (digest: string) => join(cache, 'blobs/sha256', digest.slice(7));
  const put = (value: unknown) => {
    const bytes = JSON.stringify(value);
    const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
    writeFileSync(blob(digest), bytes);
    return { digest, size: bytes.length };
  };
  const index = JSON.parse(readFileSync(join(cache, 'index.json'), 'utf8'));
  const manifest = JSON.parse(readFileSync(blob(index.manifests[0].digest), 'utf8'));
  const config = change(JSON.parse(readFileSync(blob(manifest.config.digest), 'utf8')));
  const changed = put({ ...manifest, config: { ...manifest.config, ...put(config) } });
  writeFileSync(
    join(cache, 'index.json'),
    JSON.stringify({ ...index, manifests: [{ ...index.manifests[0], ...changed }] }),
  );
}

test('records that cannot be are no hits: another base, other layers, wrong selections', (t) => {
  const [a, b] = rigs(t, 2) as [Rig, Rig];
  const cache = join(a.dir, 'cache');
  const other = `sha256:${'0'.repeat(64)}`;
  const changes: ((record: Record<string, unknown>) => object)[] = [
    (record) => ({ ...record, base: other }),
    (record) => ({ ...record, base: undefined }),
    (record) => ({ ...record, layers: [] }),
    (record) => ({ ...record, layers: Array(50).fill(0) }),
    ({ layers: _, ...record }) => ({ ...record, selections: mapped(record['selections'], other) }),
  ];
  const first = build(a);
  for (const change of changes) {
    rmSync(cache, { recursive: true, force: true });
    build(a, '--cache-to', `type=local,dest=${cache},mode=max`);
    rewriteConfig(cache, (config) => ({ ...config, records: config.records.map(change) }));
    renewStore(b);
    const second = build(b, '--cache-from', `type=local,src=${cache}`);
    assert.equal(second.id, first.id, String(change));
    assert.ok(ran(second.log).length >= 7, String(change));
    assert.equal(build(b).id, first.id, 'nothing wrong was kept');
  }
});

function mapped(selections: unknown, digest: string): object {
  return Object.fromEntries(Object.keys(selections ?? {}).map((name) => [name, digest]));
}

test("what BuildKit wrote is told apart, and a registry that lies is no build's end", async (t) => {
  const [b] = rigs(t, 1) as [Rig];
  const config = 'application/vnd.buildkit.cacheconfig.v0';
  const blob = { digest: `sha256:${'1'.repeat(64)}`, size: 2 };
  const manifest = {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: { mediaType: config, ...blob },
    layers: [],
  };
  const server = createServer((request, response) => {
    if (request.url === '/v2/') return response.end();
    if (request.url?.includes('/manifests/buildkit')) {
      response.setHeader('content-type', manifest.mediaType);
      return response.end(JSON.stringify(manifest));
    }
    response.setHeader('content-type', manifest.mediaType);
    return response.end(request.url?.includes('/manifests/endless') ? 'x'.repeat(8 << 20) : '{"schemaVersion":2');
  }).listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  const address = server.address();
  const host = `127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  // The registry answers in this process: the command must not be waited for synchronously.
  const child = b.start(
    'build',
    '--progress',
    'plain',
    ...['buildkit', 'endless', 'half'].flatMap((tag) => ['--cache-from', `${host}/c:${tag}`]),
    context(b),
  );
  let log = '';
  child.stderr?.on('data', (chunk) => {
    log += chunk;
  });
  const status = await new Promise((resolve) => child.once('exit', resolve));
  assert.equal(status, 0, log);
  assert.match(log, /c:buildkit is not used: It was written by BuildKit/);
  assert.match(log, /c:endless is not used/);
  assert.match(log, /c:half is not used/);
});

test('an export that fails fails the build, unless that is to be ignored', (t) => {
  const [a] = rigs(t, 1) as [Rig];
  const failing = a.slipway('build', '--cache-to', 'type=registry,ref=127.0.0.1:1/a:b', context(a));
  assert.equal(failing.status, 1);
  assert.match(failing.stderr, /REGISTRY_UNREACHABLE/);
  const ignored = build(a, '--cache-to', 'type=registry,ref=127.0.0.1:1/a:b,ignore-error=true');
  assert.match(ignored.log, /warning: The cache was not exported to 127\.0\.0\.1:1\/a:b/);
});

test('a secret in a layer does not travel', (t) => {
  const [a] = rigs(t, 1) as [Rig];
  const cache = join(a.dir, 'cache');
  const files = a.files('leak', {
    Dockerfile: 'FROM busybox\nRUN --mount=type=secret,id=token cp /run/secrets/token /kept\nRUN echo next > /next\n',
    token: 'a secret value that is long enough',
  });
  const flags = [
    'build',
    '--secret',
    `id=token,src=${join(files, 'token')}`,
    '--cache-to',
    `type=local,dest=${cache},mode=max`,
  ];
  const { stderr } = a.slipway(...flags, files);
  assert.match(stderr, /A secret is in the layer of .*cp \/run\/secrets/);
  assert.deepEqual(layerFiles(cache), []);
});

test('cache mounts come along, to another folder on another machine', (t) => {
  const [a, b, c] = rigs(t, 3) as [Rig, Rig, Rig];
  const cache = join(a.dir, 'cache');
  const dockerfile = (text: string) =>
    `FROM busybox\nRUN --mount=type=cache,target=/c,id=mine echo ${text}; cat /c/kept 2>/dev/null; echo ${text} >> /c/kept\n`;
  const build1 = (rig: Rig, text: string, ...flags: readonly string[]) => {
    const folder = rig.files(`context-${rig === a ? 'a' : 'b'}`, { Dockerfile: dockerfile(text) });
    const { status, stderr } = rig.slipway('build', '--progress', 'plain', ...flags, folder);
    assert.equal(status, 0, stderr);
    return stderr;
  };
  build1(a, 'one', '--cache-to', `type=local,dest=${cache},mounts=true`);
  assert.match(build1(b, 'two', '--cache-from', `type=local,src=${cache}`), /two\n(?:.*\n)*?#\d+ [\d.]+ one/);
  // A machine that ran nothing does not take away what others left there.
  build1(c, 'one', '--cache-from', `type=local,src=${cache}`, '--cache-to', `type=local,dest=${cache},mounts=true`);
  assert.match(c.ok('cache', 'import', cache), /mine +1 /);
});

test('a changed line of the example is compiled with the cache of another machine', (t) => {
  const [a, b] = [createRig(t), createRig(t)];
  const golang = debianImage('golang:1.26');
  const changes = golang.changes.flatMap((change) => ['--change', change]);
  a.ok('import', ...changes, golang.path, 'docker.io/library/golang:1.26');
  copyStore(a.store, b.store);
  const cache = join(a.dir, 'cache');
  const checkout = (rig: Rig, folder: string, name: string) => {
    const from = join(CHECKOUT, 'examples/hello');
    mkdirSync(join(rig.dir, folder), { recursive: true });
    for (const file of readdirSync(from)) {
      const text = readFileSync(join(from, file), 'utf8');
      writeFileSync(join(rig.dir, folder, file), file === 'main.go' ? `${text}\n// ${name}\n` : text);
    }
    return join(rig.dir, folder);
  };
  a.ok('build', '--cache-to', `type=local,dest=${cache},mode=max,mounts=true`, checkout(a, 'work/hello', 'first'));
  const changed = checkout(b, 'somewhere/else', 'second');
  // What is compiled is told by go itself.
  const dockerfile = readFileSync(join(changed, 'Dockerfile'), 'utf8').replace('go build', 'go build -v');
  writeFileSync(join(changed, 'Dockerfile'), dockerfile);
  const { status, stderr } = b.slipway(
    'build',
    '--progress',
    'plain',
    '--cache-from',
    `type=local,src=${cache}`,
    changed,
  );
  assert.equal(status, 0, stderr);
  assert.match(stderr, /RUN go mod download\n#\d+ CACHED, imported from/);
  const compiled = [...stderr.matchAll(/^#\d+ [\d.]+ ([\w./-]+)$/gm)].map(([, name]) => name);
  assert.deepEqual(compiled, ['example.com/hello'], 'nothing of the standard library');
});
