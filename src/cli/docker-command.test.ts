import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findCommand } from './find-command.ts';

for (const [line, says] of [
  ['ps -a', /foreground/],
  ['buildx build .', /Write "slipway build"/],
  ['image ls', /Write "slipway images"/],
  ['image rm x', /Write "slipway rmi"/],
  ['system prune', /Write "slipway prune"/],
  ['system df', /Write "slipway du"/],
  ['buildx du', /Write "slipway du"/],
  ['version', /slipway --version/],
  ['biuld', /Did you mean "slipway build"/],
  ['buildx bake', /Did you mean "slipway build"/],
  ['constructor', /slipway --help/],
] as const) {
  test(`"${line}" leads on`, () => {
    assert.throws(
      () => findCommand(line.split(' ')),
      (error: { hint?: string; exitCode?: number }) => error.exitCode === 2 && says.test(error.hint ?? ''),
    );
  });
}
