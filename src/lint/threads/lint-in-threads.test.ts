import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';
import { KnownError } from '../../diagnostics/known-error.ts';
import { findDockerfiles } from '../find-dockerfiles.ts';
import type { FilesRequest, LintedFile } from '../lint-files.ts';
import { createBatchQueue } from './batch-queue.ts';
import type { LintedBatch } from './lint-batches.ts';
import { type LintWork, lintInThreads } from './lint-in-threads.ts';

const SOURCES = [
  'FROM busybox\nADD app /app\nRUN cd /app && make\n',
  'FROM golang:1.26 AS build\nRUN go build ./...\nFROM scratch\nCOPY --from=build /go/bin/app /app\nCMD /app\n',
  'FROM debian\nRUN apt-get update && apt-get install curl\nENV TOKEN=abc\n',
  'NOTHING at all\n',
  '# check=skip=all\nFROM --platform=linux/amd64 alpine:latest\nRUN sudo true\n',
  'FROM alpine:3\nCOPY . .\nUSER root\nEXPOSE 80/tcp 2345\n',
];

const MEASURED = new Map([['RUN go build ./...', 95_000]]);

describe('linting in threads', () => {
  const dir = mkdtempSync(join(tmpdir(), 'lint-threads-'));
  const entry = join(dir, 'lint-worker.cjs');
  const project = join(dir, 'project');
  let paths: readonly string[] = [];
  const { signal } = new AbortController();

  before(async () => {
    await build({
      absWorkingDir: process.env['SLIPWAY_CHECKOUT'] ?? process.cwd(),
      entryPoints: ['src/lint/threads/lint-worker.ts'],
      outfile: entry,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      supported: { 'dynamic-import': false },
      logLevel: 'error',
    });
    for (let index = 0; index < 100; index++) {
      const folder = `${index < 60 ? 'one' : 'two'}/${String(index).padStart(3, '0')}`;
      write(join(project, folder, 'Dockerfile'), SOURCES[index % SOURCES.length] ?? '');
      write(join(project, folder, 'app'), '');
    }
    write(
      join(project, 'one/slipway.yaml'),
      'lint:\n  exclude: ["01?/**"]\n  rules:\n    add-instead-of-copy: error\n',
    );
    write(join(project, 'two/slipway.yaml'), 'lint:\n  fail-on: info\n  strict: true\n');
    paths = findDockerfiles(project);
  });
  after(() => rmSync(dir, { recursive: true }));

  const alone = (request: FilesRequest, files = paths) => lintInThreads(files, request, { threads: undefined, signal });
  const shared = (request: FilesRequest, files = paths, workerEntry = entry) =>
    lintInThreads(files, request, { threads: { entry: workerEntry, most: 3 }, signal });

  for (const { title, more } of [
    { title: 'findings', more: {} },
    {
      title: 'findings of flags',
      more: { contextDir: '.', strict: true, severities: { 'add-instead-of-copy': 'info' } },
    },
    { title: 'fixes', more: { fix: 'all' } },
    { title: 'measured steps', more: { measured: new Map([[join(project, 'two/067/Dockerfile'), MEASURED]]) } },
  ] as const)
    it(`gives the ${title} of one thread, in its order`, async () => {
      const request = { cwd: project, ...more };
      const files = await alone(request);
      assert.equal(files.length, 90);
      assert.deepStrictEqual(await shared(request), files);
    });

  it('gives a worker what this thread has', async () => {
    const request = { cwd: project, fix: 'safe' } as const;
    const work: LintWork = { queue: createBatchQueue(paths), request, mostContexts: 1 };
    const sent: LintedBatch[] = [];
    const worker = new Worker(entry, { workerData: work });
    worker.on('message', (batch) => sent.push(batch));
    await new Promise((resolve) => worker.on('exit', resolve));
    assert.deepStrictEqual(
      sent.flatMap(({ files }): readonly LintedFile[] => files),
      await alone(request),
    );
  });

  it('throws the error of the first file, as one thread does', async () => {
    for (const name of ['one/040', 'two/070', 'two/090'])
      write(join(project, name, 'slipway.yaml'), `lint:\n  ${name}: 1\n`);
    const thrown = await caught(shared({ cwd: project }));
    const expected = await caught(alone({ cwd: project }));
    assert.ok(thrown instanceof KnownError && expected instanceof KnownError);
    assert.match(thrown.message, /one\/040/);
    assert.deepEqual(parts(thrown), parts(expected));
    for (const name of ['one/040', 'two/070', 'two/090']) rmSync(join(project, name, 'slipway.yaml'));
  });

  it('keeps the stack of what is not for the user', async () => {
    const gone = join(project, 'two/080/gone.Dockerfile');
    const thrown = await caught(shared({ cwd: project }, paths.with(60, gone)));
    assert.ok(thrown instanceof Error && 'code' in thrown && 'path' in thrown);
    assert.deepEqual([thrown.code, thrown.path], ['ENOENT', gone]);
    assert.match(thrown.stack ?? '', /at .*lintFile/);
  });

  it('does what workers leave', async () => {
    const broken = join(dir, 'broken.cjs');
    write(broken, "throw new Error('no memory');\n");
    const files = await alone({ cwd: project });
    assert.deepStrictEqual(await shared({ cwd: project }, paths, broken), files);
    assert.deepStrictEqual(await shared({ cwd: project }, paths, join(dir, 'nowhere.cjs')), files);
  });

  it('ends with its signal, workers too', async () => {
    const endless = join(dir, 'endless.cjs');
    write(endless, 'for (;;);\n');
    const controller = new AbortController();
    const threads = { entry: endless, most: 2 };
    const linting = lintInThreads(paths, { cwd: project }, { threads, signal: controller.signal });
    controller.abort(new KnownError('BUILD_CANCELLED', 'Stopped.', { exitCode: 130 }));
    const thrown = await caught(linting);
    assert.ok(thrown instanceof KnownError);
    assert.equal(thrown.exitCode, 130);
  });
});

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

async function caught(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

function parts({ code, message, hint, exitCode, range, source }: KnownError): unknown {
  return { code, message, hint, exitCode, range, source };
}
