import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { createRig, importBusybox, mountsBelow, namesIn } from './rig.ts';

const KILLS = 10;
const DOCKERFILE = `FROM busybox AS a
WORKDIR /src
COPY . .
RUN dd if=/dev/urandom of=/big bs=1M count=20 2>/dev/null && sleep 0.1
RUN --mount=type=cache,target=/cache echo x >> /cache/log && sleep 0.1
FROM busybox AS b
RUN sleep 0.2 && echo b > /b
FROM scratch
COPY --from=a /big /big
COPY --from=b /b /b
`;

test(`a build killed at ${KILLS} random moments leaves nothing behind, and the next one succeeds`, async (t) => {
  const rig = createRig(t);
  importBusybox(rig);
  const sources = Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`f/${n}.txt`, `${n}\n`.repeat(500)]));
  const context = rig.files('context', { Dockerfile: DOCKERFILE, ...sources });
  for (let kill = 0; kill < KILLS; kill++) {
    const build = rig.start(
      'build',
      '--no-cache',
      '-t',
      'killed',
      '-o',
      'type=store',
      '-o',
      `type=oci,dest=${join(rig.dir, 'out.tar')}`,
      context,
    );
    const ended = new Promise((resolve) => build.once('exit', resolve));
    await delay(50 + Math.random() * 1200);
    build.kill('SIGKILL');
    await ended;
  }
  await nothingRunsIn(rig.store);
  rig.ok('build', '-t', 'killed', context);
  assert.deepEqual(mountsBelow(rig.dir), []);
  assert.deepEqual(
    namesIn(join(rig.store, 'snapshots')).filter((name) => name.startsWith('.')),
    [],
  );
  for (const hex of namesIn(join(rig.store, 'blobs', 'sha256')).filter((name) => !name.startsWith('.'))) {
    const bytes = readFileSync(join(rig.store, 'blobs', 'sha256', hex));
    assert.equal(createHash('sha256').update(bytes).digest('hex'), hex, 'a blob is what its name says');
  }
  assert.equal(rig.ok('run', '--rm', 'busybox', 'echo', 'alive'), 'alive\n');
});

/** Steps end with the build that started them; the kernel needs a moment to do it. */
async function nothingRunsIn(store: string): Promise<void> {
  for (let tries = 0; tries < 100 && processesIn(store).length > 0; tries++) await delay(50);
  assert.deepEqual(processesIn(store), []);
}

function processesIn(store: string): string[] {
  return namesIn('/proc')
    .filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/mounts`, 'utf8').includes(store);
      } catch {
        // It ended while it was looked at.
        return false;
      }
    });
}
