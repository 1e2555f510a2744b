import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { answerOf, CHECKOUT, createRig, debianImage, freePort } from './rig.ts';

const EIGHT_MB = 8_000_000;

test('the example service: small, non-root, healthy, stopped gracefully', async (t) => {
  const rig = createRig(t);
  const golang = debianImage('golang:1.26');
  rig.ok(
    'import',
    ...golang.changes.flatMap((change) => ['--change', change]),
    golang.path,
    'docker.io/library/golang:1.26',
  );
  rig.ok('build', '-t', 'hello', '--build-arg', 'VERSION=9.9', join(CHECKOUT, 'examples', 'hello'));

  const [image] = JSON.parse(rig.ok('inspect', 'hello'));
  assert.ok(image.Size <= EIGHT_MB, `${image.Size} bytes`);
  assert.match(image.Config.User, /^[1-9]\d*(:\d+)?$/);
  assert.ok(image.Config.Healthcheck);

  const port = await freePort();
  const service = rig.start('run', '--rm', '-e', `HELLO_ADDR=127.0.0.1:${port}`, 'hello');
  const exit = new Promise((resolve) => service.once('exit', resolve));
  t.after(() => service.kill('SIGKILL'));
  const health = await answerOf(`http://127.0.0.1:${port}/health`);
  assert.equal(((await health.json()) as { status: string }).status, 'ok');
  const stoppedAt = Date.now();
  service.kill('SIGTERM');
  assert.equal(await exit, 0);
  assert.ok(Date.now() - stoppedAt < 10_000, 'it stopped by itself, not when the grace period was over');
});

test('a changed line is compiled with the cache of the build before, and gives the binary a build without caches gives', (t) => {
  const rig = createRig(t);
  const golang = debianImage('golang:1.26');
  rig.ok(
    'import',
    ...golang.changes.flatMap((change) => ['--change', change]),
    golang.path,
    'docker.io/library/golang:1.26',
  );
  const source = (text: string) => `package main\n\nfunc main() { println("${text}") }\n`;
  const files = {
    'go.mod': 'module example.com/m\n\ngo 1.24\n',
    'main.go': source('line one'),
    Dockerfile:
      'FROM golang:1.26 AS b\nWORKDIR /src\nCOPY . .\nRUN go build -trimpath -o /m .\nFROM scratch\nCOPY --from=b /m /m\n',
  };
  const context = rig.files('context', files);
  rig.ok('build', context);
  rig.files('context', { 'main.go': source('line two') });
  const binary = (folder: string, ...flags: readonly string[]): Buffer => {
    rig.ok('build', ...flags, '-o', join(rig.dir, folder), context);
    return readFileSync(join(rig.dir, folder, 'm'));
  };
  const cached = binary('cached');
  assert.ok(cached.includes('line two'));
  assert.ok(cached.equals(binary('anew', '--no-cache', '--no-go-cache')));
});
