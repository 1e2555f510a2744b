import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRig, importBusybox } from './rig.ts';

/** More than the kernel takes in one overlay. */
const MANY = 520;
const MOST = 959;

test('a step sees and changes what more than 500 layers made', (t) => {
  const rig = createRig(t);
  importBusybox(rig);
  const copies = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) => `COPY a /d/${from + index}\n`).join('');
  const dockerfile = [
    'FROM busybox\nCOPY a /d/gone\nRUN rm /d/gone\n',
    copies(0, MANY),
    `RUN ls /d | wc -l > /count && rm /d/0 /d/${MANY - 1} && echo new > /d/1\n`,
  ].join('');
  const context = rig.files('context', { Dockerfile: dockerfile, a: 'a\n' });
  rig.ok('build', '-t', 'deep', context);
  const shown = rig.ok(
    'run',
    '--rm',
    'deep',
    'sh',
    '-c',
    'cat /count /d/1 /d/2; ls /d | wc -l; ls /d/0 /d/gone 2>&1 | wc -l',
  );
  assert.equal(shown, `${MANY}\nnew\na\n${MANY - 2}\n2\n`);

  const deeper = rig.files('deeper', { Dockerfile: `FROM deep\n${copies(MANY, MOST)}RUN true\n`, a: 'a\n' });
  const { status, stderr } = rig.slipway('build', deeper);
  assert.equal(status, 1);
  assert.match(stderr, /The root filesystem has \d+ layers; at most 959 can be mounted/);
  assert.match(stderr, /hint: Join RUN instructions/);
});
