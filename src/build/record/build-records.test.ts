import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import type { BuildRecord } from './build-record.ts';
import { BuildRecords } from './build-records.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'slipway-records-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const idOf = (number: number) => `20260101T000000${String(number).padStart(3, '0')}Z-abcd`;

function record(number: number, project = 'p'): BuildRecord {
  const machine = { hostname: 'h', cpus: 1, memoryBytes: 1, platform: 'linux/x64', node: 'v20' };
  const options = {
    context: '/c',
    dockerfile: '/c/Dockerfile',
    tags: [],
    buildArgs: {},
    buildContexts: {},
    secrets: [],
    ssh: [],
    ignoreCache: false,
    pull: false,
    network: 'default',
  };
  const declared = { args: {}, variables: {} };
  return {
    version: 1,
    id: idOf(number),
    project,
    startedMs: 1,
    endedMs: 2,
    options,
    declared,
    steps: [],
    phases: [],
    machine,
  };
}

test('records are read newest first, and by project', () => {
  const records = new BuildRecords(root);
  for (const number of [1, 3, 2]) records.write(record(number, number === 2 ? 'other' : 'p'));
  assert.deepEqual(
    [...records.records()].map(({ id }) => id),
    [idOf(3), idOf(2), idOf(1)],
  );
  assert.deepEqual(
    [...records.earlier(record(3))].map(({ id }) => id),
    [idOf(1)],
  );
  assert.equal(records.latest('other')?.id, idOf(2));
  assert.equal(records.latest('nobody'), undefined);
});

test('a store without builds has none', () => {
  assert.deepEqual([...new BuildRecords(join(root, 'none')).records()], []);
});

test('at least a hundred builds stay, and the newest of each project', () => {
  const records = new BuildRecords(root);
  records.write(record(0, 'old'));
  let forgotten = 0;
  for (let number = 1; number <= 160; number++) forgotten += records.write(record(number)).length;
  assert.ok(forgotten > 0);
  assert.ok(records.ids().length >= 100 && records.ids().length <= 150);
  assert.equal(records.ids()[0], idOf(160));
  assert.equal(records.latest('old')?.id, idOf(0));
});

test('what is no record is passed over', () => {
  const records = new BuildRecords(root);
  records.write(record(1));
  for (const [number, text] of [
    [2, '{'],
    [3, '{"version":2,"steps":[]}'],
    [4, ''],
  ] as const) {
    mkdirSync(records.dir(idOf(number)));
    writeFileSync(join(records.dir(idOf(number)), 'record.json'), text);
  }
  mkdirSync(records.dir(idOf(5)));
  assert.deepEqual(
    [...records.records()].map(({ id }) => id),
    [idOf(1)],
  );
});
