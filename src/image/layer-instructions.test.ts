import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DiffId } from './digest.ts';
import { layerInstructions } from './layer-instructions.ts';

const CASES: readonly (readonly [string, string])[] = [
  ['RUN /bin/sh -c make # buildkit', 'RUN make'],
  ['RUN |1 VERSION=1 /bin/sh -c make $VERSION # buildkit', 'RUN make $VERSION'],
  ['COPY . . # buildkit', 'COPY . .'],
  ['/bin/sh -c #(nop) ADD file:abc in / ', 'ADD file:abc in / '],
  ['/bin/sh -c apt-get update', 'RUN apt-get update'],
  ['', 'layer'],
];
for (const [written, shown] of CASES) {
  test(`${JSON.stringify(written)} is ${shown}`, () => {
    const history = [{ created_by: 'ENV A=1', empty_layer: true }, { created_by: written }];
    const rootfs = { type: 'layers', diff_ids: ['sha256:1' as DiffId, 'sha256:2' as DiffId] } as const;
    const config = { architecture: 'amd64', os: 'linux', config: {}, rootfs, history };
    assert.deepEqual(layerInstructions(config), [shown, 'layer']);
  });
}
