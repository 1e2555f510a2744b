import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Command } from 'commander';
import { KnownError } from '../diagnostics/known-error.ts';
import { normalizeArgv } from './normalize-argv.ts';

const command = new Command()
  .option('-t, --tag <name>')
  .option('-q, --quiet')
  .option('--pull')
  .option('--no-cache')
  .option('-v, --volume <source:target[:ro]>')
  .option('--fix [which]')
  .argument('[words...]');

for (const [given, wanted] of [
  ['--pull=true .', '--pull .'],
  ['--pull=0 .', '.'],
  ['--no-cache=false .', '.'],
  ['--no-cache=T .', '--no-cache .'],
  ['-q=1 .', '-q .'],
  ['-t=name .', '-tname .'],
  ['-t name --tag=other .', '-t name --tag=other .'],
  ['-t --pull=true .', '-t --pull=true .'],
  ['-qt --pull=false .', '-qt --pull=false .'],
  ['-v /a:/b --volume /c:/d .', '-v /a:/b --volume /c:/d .'],
  ['-v=/a:/b .', '-v/a:/b .'],
  ['--fix .', '--fix= .'],
  ['-- --pull=true', '-- --pull=true'],
  ['--unknown=true -', '--unknown=true -'],
] as const) {
  test(`${given} is read as ${wanted}`, () => {
    const words = normalizeArgv(command, given.split(' '), { firstArgumentEnds: false });
    assert.deepEqual(words, wanted.split(' '));
  });
}

test('flags behind the image of run are not its own', () => {
  const words = ['--pull=false', 'image', '--pull=false'];
  assert.deepEqual(normalizeArgv(command, words, { firstArgumentEnds: true }), ['image', '--pull=false']);
});

test('a truth value that is none is wrong usage', () => {
  const isUsage = (error: unknown) => error instanceof KnownError && error.code === 'USAGE' && error.exitCode === 2;
  assert.throws(() => normalizeArgv(command, ['--pull=maybe'], { firstArgumentEnds: false }), isUsage);
});
