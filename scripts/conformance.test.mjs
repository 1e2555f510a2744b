import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const RUNNER = fileURLToPath(new URL('conformance.mjs', import.meta.url));

const MISTAKES = [
  [['--nope'], /^Unknown option '--nope'\.\n\nUsage:/],
  [['--group', 'nope'], /^--group does not know "nope"; it is one of: add, /],
  [['--jobs', 'many'], /^--jobs takes a number of builds from 1 on, not "many"\.\n/],
];

for (const [argv, says] of MISTAKES) {
  test(`the conformance runner says what is wrong with "${argv.join(' ')}"`, () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [RUNNER, ...argv], { encoding: 'utf8' });
    assert.equal(stdout, '');
    assert.match(stderr, says);
    assert.equal(status, 2);
  });
}

test('the conformance runner shows its options', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [RUNNER, '--help'], { encoding: 'utf8' });
  assert.deepEqual([status, stderr], [0, '']);
  assert.match(stdout, /^Usage: .*--user NAME/s);
});
