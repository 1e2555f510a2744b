import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { discardMounts } from './discard-mounts.ts';
import { lockMount, type MountIdentity, mountFolder, writeIdentity } from './mount-folder.ts';

const dir = mkdtempSync(join(tmpdir(), 'slipway-discard-'));
after(() => rmSync(dir, { recursive: true, force: true }));
let count = 0;

function mountsWith(...identities: readonly MountIdentity[]): { root: string; folders: readonly string[] } {
  const root = join(dir, String(++count));
  const folders = identities.map((identity) => {
    const folder = mountFolder(root, identity);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'kept'), 'x');
    writeIdentity(folder, identity);
    return folder;
  });
  return { root, folders };
}

test('mounts of an id go, those of others and of Go stay', () => {
  const { root, folders } = mountsWith(
    { kind: 'cache', id: 'a' },
    { kind: 'cache', id: 'a', seedKey: 'sha256:1 /' },
    { kind: 'cache', id: 'b' },
    { kind: 'go-modules', project: 'a' },
  );
  mkdirSync(`${folders[0]}-1`);
  assert.deepEqual(discardMounts(root, new Set(['a', 'c'])), []);
  assert.deepEqual(folders.map(existsSync), [false, false, true, true]);
  assert.equal(existsSync(`${folders[0]}-1`), false);
});

test('what a running step holds stays, and is told', async () => {
  const { root, folders } = mountsWith({ kind: 'cache', id: 'a' });
  const [folder = ''] = folders;
  await using _lock = await lockMount(folder, { shared: true, signal: new AbortController().signal });
  assert.deepEqual(discardMounts(root, new Set(['a'])), ['a']);
  assert.equal(existsSync(join(folder, 'kept')), true);
});

test('a store without mounts has none to discard', () => {
  assert.deepEqual(discardMounts(join(dir, 'nowhere'), new Set(['a'])), []);
});
