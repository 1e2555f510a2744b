import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseChmod } from './chmod.ts';

for (const [text, mode, kind, wanted] of [
  ['600', 0o755, 'directory', 0o600],
  ['600', 0o755, 'parent', 0o600],
  ['4750', 0o755, 'parent', 0o750],
  ['777', 0o755, 'parent', 0o755],
  ['4755', 0o644, 'file', 0o4755],
  ['u+x,g-r', 0o644, 'file', 0o704],
  ['u+x,g-r', 0o755, 'parent', 0o755],
  ['go=', 0o755, 'file', 0o700],
  ['a+rX', 0o600, 'file', 0o644],
  ['a+rX', 0o700, 'directory', 0o755],
  ['+x', 0o644, 'file', 0o755],
  ['u=rwx,go=rx', 0o600, 'file', 0o755],
  ['u+s', 0o755, 'file', 0o4755],
  ['g=u', 0o640, 'file', 0o660],
  ['go=u-w', 0o750, 'file', 0o755],
  ['o-g', 0o777, 'file', 0o770],
  ['u=rw', 0o4755, 'file', 0o655],
  ['+t', 0o755, 'directory', 0o1755],
  ['o+t', 0o755, 'directory', 0o755],
  ['a+st', 0o755, 'directory', 0o7755],
  ['-X', 0o644, 'file', 0o644],
  ['=', 0o4755, 'file', 0],
] as const) {
  test(`--chmod=${text} makes ${mode.toString(8)} of a ${kind} ${wanted.toString(8)}`, () => {
    assert.equal(parseChmod(text)(mode, kind).toString(8), wanted.toString(8));
  });
}

test('what is no mode is refused', () => {
  for (const text of ['', '9', 'u+q', 'rwx', '755,u+x']) assert.throws(() => parseChmod(text), /is no mode/);
});
