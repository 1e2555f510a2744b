import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Digest } from '../image/digest.ts';
import { installerOf } from './installers.ts';

const GO = ['go.mod', 'go.sum', 'go.work', 'go.work.sum'];

for (const [command, files] of [
  ['go mod download', GO],
  ['go mod download -x', GO],
  ['go mod download && go mod verify', GO],
  ['go install example.com/tool@v1.2.3', []],
  ['go install ./cmd/x', undefined],
  ['go build ./...', undefined],
  ['apt-get update && apt-get install -y --no-install-recommends git && rm -rf /var/lib/apt/lists/*', []],
  ['apk add --no-cache git', []],
  ['apk add git | tee log', undefined],
  ['npm ci --omit=dev', ['package.json', 'package-lock.json', 'npm-shrinkwrap.json', '.npmrc']],
  ['npm run build', undefined],
  ['npm ci && npm run build', undefined],
  ['pip install --no-cache-dir -r requirements.txt', ['requirements.txt']],
  ['pip install .', undefined],
  ['set -ex; apt-get update', []],
  ['', undefined],
] as const) {
  test(`${command || 'nothing'} ${files ? 'only installs' : 'does more'}`, () => {
    const parts = { command: JSON.stringify(['/bin/sh', '-c', command]) };
    const digest = `sha256:${'a'.repeat(64)}` as Digest;
    const step = {
      vertex: digest,
      name: '',
      kind: 'exec',
      text: '',
      inputs: [],
      outcome: 'run',
      durationMs: 1,
    } as const;
    assert.deepEqual(installerOf({ ...step, key: { digest, parts, inputs: [] } })?.files, files);
  });
}
