import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRig, importBusybox } from './rig.ts';

const MOUNT = 'RUN --mount=type=cache,id=kept,target=/c';
const DOCKERFILE = `FROM busybox AS first
${MOUNT} echo one >> /c/log
FROM busybox AS other
RUN echo other > /o
FROM first
COPY --from=other /o /
${MOUNT} echo two >> /c/log && cp /c/log /seen
CMD ["cat", "/seen"]
`;

test('cache mounts of steps that run for --no-cache begin empty, once a build', (t) => {
  const rig = createRig(t);
  importBusybox(rig);
  const context = rig.files('context', { Dockerfile: DOCKERFILE });
  const seen = (...flags: readonly string[]) => {
    rig.ok('build', '-t', 'seen', ...flags, context);
    return rig.ok('run', '--rm', 'seen').trim().split('\n');
  };
  assert.deepEqual(seen(), ['one', 'two']);
  assert.deepEqual(seen('--no-cache'), ['one', 'two']);
  // A stage without such a mount leaves it alone: the step behind its COPY runs again, and finds what was there.
  rig.files('context', { Dockerfile: DOCKERFILE.replace('echo other', 'echo another') });
  assert.deepEqual(seen('--no-cache-filter', 'other'), ['one', 'two', 'two']);
  assert.deepEqual(seen('--no-cache-filter', 'first'), ['one', 'two']);
});
