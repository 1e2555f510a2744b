import assert from 'node:assert/strict';
import {
  closeSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createStatusReader, type FileStatus } from './file-status.ts';

const read = createStatusReader();
const skip = !read && 'koffi or statx is not there';

function statusOf(dir: string, name: string): FileStatus | undefined {
  const fd = openSync(dir, 'r');
  try {
    return read?.(fd, name);
  } finally {
    closeSync(fd);
  }
}

function expected(path: string): FileStatus {
  const { dev, ino, mode, nlink, rdev, size, mtimeNs, ctimeNs } = lstatSync(path, { bigint: true });
  return { dev, ino, mode: Number(mode), nlink: Number(nlink), rdev, size, mtimeNs, ctimeNs };
}

test('says what node:fs says', { skip }, (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'slipway-status-'));
  t.after(() => rmSync(dir, { recursive: true }));
  writeFileSync(join(dir, 'file'), 'content', { mode: 0o640 });
  linkSync(join(dir, 'file'), join(dir, 'link'));
  symlinkSync('nowhere', join(dir, 'symlink'));
  mkdirSync(join(dir, 'é folder'));
  writeFileSync(join(dir, 'old'), '');
  utimesSync(join(dir, 'old'), -86_400.5, -86_400.5);
  for (const name of ['file', 'link', 'symlink', 'é folder', 'old']) {
    assert.deepEqual(statusOf(dir, name), expected(join(dir, name)), name);
  }
  for (const name of ['null', 'tty', 'pts']) assert.deepEqual(statusOf('/dev', name), expected(`/dev/${name}`), name);
});

test('says nothing of what is not there', { skip }, () => {
  assert.equal(statusOf('/', 'no such name'), undefined);
});
