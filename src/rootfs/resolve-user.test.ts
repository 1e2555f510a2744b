import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openLayeredView } from './layered-view.ts';
import { OverlaySnapshotter } from './overlay-snapshotter.ts';
import { removeTree } from './remove-tree.ts';
import { resolveOwner, resolveUser } from './resolve-user.ts';
import { RootWriter } from './root-writer.ts';

const dir = mkdtempSync(join(tmpdir(), 'slipway-user-'));
after(() => removeTree(dir));

const PASSWD = 'root:x:0:0::/:/bin/sh\n\n u1:x:1001:2002::/:/bin/sh\n77:x:78:79::/:/bin/sh\nbad:x:y:z::/:\n';
const GROUP = 'root:x:0:\ng1:x:3003:u1\ng2:x:3004:x,u1\n';

async function rootWith(files: Readonly<Record<string, string>>) {
  await using active = await new OverlaySnapshotter(join(dir, 'snapshots')).prepare(undefined);
  const writer = new RootWriter(active);
  writer.mkdirAll('/etc', { mode: 0o755 });
  for (const [path, content] of Object.entries(files)) writer.putInline(path, content, { mode: 0o644 });
  writer.finish();
  return openLayeredView(await active.commit(), 'the stage');
}

const view = await rootWith({ 'etc/passwd': PASSWD, 'etc/group': GROUP });
const scratch = openLayeredView(undefined, 'scratch');

// Every row was asked of BuildKit.
const USERS: readonly (readonly [user: string, uid: number, gid: number, additionalGids: readonly number[]])[] = [
  ['', 0, 0, []],
  ['root', 0, 0, []],
  ['u1', 1001, 2002, [3003, 3004]],
  ['u1:', 1001, 2002, [3003, 3004]],
  ['1001', 1001, 2002, [3003, 3004]],
  ['u1:g1', 1001, 3003, []],
  ['u1:9', 1001, 9, []],
  [':g1', 0, 3003, []],
  ['500', 500, 0, []],
  ['500:root', 500, 0, []],
  ['root:7', 0, 7, []],
  ['77', 77, 0, []],
  ['77:77', 77, 77, []],
];

for (const [user, uid, gid, additionalGids] of USERS) {
  test(`USER ${JSON.stringify(user)} is ${uid}:${gid}`, () => {
    assert.deepEqual(resolveUser(view, user), { uid, gid, additionalGids });
  });
}

for (const user of ['nosuch', 'u1:nosuch', 'u1:g1:z', '3000000000', '4294967296', '-1']) {
  test(`USER ${user} is an error`, () => {
    assert.throws(() => resolveUser(view, user), { code: 'USER_UNKNOWN' });
  });
}

test('a misspelt user is told the nearest name', () => {
  assert.throws(() => resolveUser(view, 'u2'), { hint: 'Did you mean "u1"?' });
});

test('an empty root knows numbers, and root only beside one', () => {
  assert.deepEqual(resolveUser(scratch, '65532'), { uid: 65532, gid: 0, additionalGids: [] });
  assert.deepEqual(resolveUser(scratch, 'root:0'), { uid: 0, gid: 0, additionalGids: [] });
  assert.throws(() => resolveUser(scratch, 'root'), { code: 'USER_UNKNOWN' });
  assert.throws(() => resolveUser(scratch, 'app'), { code: 'USER_UNKNOWN' });
});

const OWNERS: readonly (readonly [owner: string, uid: number, gid: number, unknown: readonly string[]])[] = [
  ['u1', 1001, 2002, []],
  ['u1:g1', 1001, 3003, []],
  [':g1', 0, 3003, []],
  ['500', 500, 500, []],
  ['500:root', 500, 0, []],
  ['root:7', 0, 7, []],
  ['u1:9', 1001, 9, []],
  ['77', 77, 77, []],
  ['u1:', 1001, 0, []],
  ['501:g2', 501, 3004, []],
  ['nosuch', 0, 0, ['nosuch']],
  ['nosuch:nogrp', 0, 0, ['nosuch', 'nogrp']],
  ['4294967294', 0, 0, ['4294967294']],
];

for (const [owner, uid, gid, unknownNames] of OWNERS) {
  test(`--chown=${owner} is ${uid}:${gid}`, () => {
    assert.deepEqual(resolveOwner(view, owner), { uid, gid, unknownNames });
  });
}

test('an enormous passwd is refused', async () => {
  const huge = await rootWith({ 'etc/passwd': 'x'.repeat(11 << 20) });
  assert.throws(() => resolveUser(huge, 'app'), { code: 'USER_UNKNOWN' });
});
