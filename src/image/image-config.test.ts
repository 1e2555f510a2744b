import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inheritedConfig } from './image-config.ts';

test('what belongs to a container is not taken over from a base', () => {
  const file =
    '{"Hostname":"x","AttachStdin":false,"Tty":true,"Image":"sha256:1","Env":["A=1"],"Shell":["/bin/sh"],"__proto__":{}}';
  assert.deepEqual(inheritedConfig(JSON.parse(file)), { Env: ['A=1'], Shell: ['/bin/sh'] });
});
