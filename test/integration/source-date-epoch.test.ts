import assert from 'node:assert/strict';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { createRig, debianImage } from './rig.ts';
import { run } from './servers.ts';
import { tarBytes } from './tar-bytes.ts';

const LATE = { mtimeNs: 4_000_000_000_000_000_000n };
const DOCKERFILE = `FROM scratch
ADD busybox.tar /
WORKDIR /w/x
COPY . .
ADD late.tar /a
COPY <<x /heredoc
hi
x
COPY --link f /deep/linked
RUN mkdir /d && echo hi > /d/f && ln -s f /d/l && rm /w/x/f && date > /dev/null
`;

test('SOURCE_DATE_EPOCH makes the same image of the same files, whenever and wherever it is built', async (t) => {
  const digests: string[] = [];
  for (const pause of [0, 1100]) {
    await delay(pause);
    const rig = createRig(t);
    const context = rig.files('context', { Dockerfile: DOCKERFILE, f: 'f', 'd/g': 'g' });
    writeFileSync(join(context, 'late.tar'), tarBytes([['implied/one', '1', LATE]]));
    copyFileSync(debianImage('busybox').path, join(context, 'busybox.tar'));
    const iid = join(rig.dir, 'iid');
    const { status, output } = await run(rig, ['build', '--iidfile', iid, context], {
      env: { SOURCE_DATE_EPOCH: '1700000000' },
    });
    assert.equal(status, 0, output);
    digests.push(readFileSync(iid, 'utf8'));
  }
  assert.match(digests[0] ?? '', /^sha256:[0-9a-f]{64}/);
  assert.equal(digests[0], digests[1]);
});
