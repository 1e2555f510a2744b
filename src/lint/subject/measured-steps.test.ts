import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDockerfile } from '../../dockerfile/dockerfile.ts';
import { measuredSteps } from './measured-steps.ts';

test('a step that ran is found by its text, wherever it stands now', () => {
  const dockerfile = parseDockerfile('FROM a\n\nRUN one\nRUN two\nFROM b\nRUN one\n', { file: 'Dockerfile' });
  const measured = measuredSteps(dockerfile, new Map([['RUN one', 5]]));
  assert.deepEqual([1, 2, 3, 4, 6].map(measured), [undefined, undefined, 5, undefined, 5]);
});
