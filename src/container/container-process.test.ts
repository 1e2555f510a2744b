import assert from 'node:assert/strict';
import { test } from 'node:test';
import { containerArgv, containerEnv, containerWorkdir } from './container-process.ts';

const IMAGE = { Entrypoint: ['/app'], Cmd: ['-v'], Env: ['PATH=/bin', 'A=1'], WorkingDir: '/srv' };

for (const [title, options, argv] of [
  ['the image alone', {}, ['/app', '-v']],
  ['a command replaces Cmd', { command: ['-x'] }, ['/app', '-x']],
  ['an entrypoint drops Cmd', { entrypoint: 'sh' }, ['sh']],
  ['an entrypoint with a command', { entrypoint: 'sh', command: ['-c', 'id'] }, ['sh', '-c', 'id']],
  ['an empty entrypoint leaves the command', { entrypoint: '', command: ['id'] }, ['id']],
] as const) {
  test(`argv: ${title}`, () => assert.deepEqual(containerArgv(IMAGE, { command: [], ...options }), argv));
}

test('nothing to run is refused with 125', () => {
  assert.throws(() => containerArgv({}, { command: [] }), { code: 'COMMAND_NOT_FOUND', exitCode: 125 });
});

test('env: image over defaults, user over image', () => {
  const env = containerEnv(IMAGE, 'h', { command: [], env: ['A=2', 'B='], terminal: true });
  assert.deepEqual(env, ['PATH=/bin', 'HOSTNAME=h', 'TERM=xterm', 'A=2', 'B=']);
});

test('workdir', () => {
  assert.equal(containerWorkdir(IMAGE, {}), '/srv');
  assert.equal(containerWorkdir(IMAGE, { workdir: 'a' }), '/srv/a');
  assert.equal(containerWorkdir({}, { workdir: '/x/../y' }), '/y');
});
