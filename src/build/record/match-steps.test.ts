import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OpKind } from '../graph/op.ts';
import { matchSteps } from './match-steps.ts';

/** `stage: RUN a; RUN b` a line. */
function steps(...stages: readonly string[]) {
  return stages.flatMap((line) => {
    const [stage = '', list = ''] = line.split(': ');
    const texts = list.split('; ');
    return texts.map((text, index) => ({
      kind: (text.startsWith('RUN') ? 'exec' : 'copy') as OpKind,
      name: `[${stage}] ${text}`,
      text,
      source: text,
      place: { stage, index: index + 1, total: texts.length },
    }));
  });
}

const ROWS = [
  { name: 'the same', before: ['a: RUN 1; RUN 2'], after: ['a: RUN 1; RUN 2'], pairs: ['RUN 1', 'RUN 2'] },
  {
    name: 'edited',
    before: ['a: RUN 1; RUN 2; RUN 3'],
    after: ['a: RUN 1; RUN x; RUN 3'],
    pairs: ['RUN 1', 'RUN 2', 'RUN 3'],
  },
  { name: 'inserted', before: ['a: RUN 1; RUN 2'], after: ['a: RUN 1; RUN x; RUN 2'], pairs: ['RUN 1', '', 'RUN 2'] },
  { name: 'removed', before: ['a: RUN 1; RUN 2; RUN 3'], after: ['a: RUN 1; RUN 3'], pairs: ['RUN 1', 'RUN 3'] },
  { name: 'another kind', before: ['a: RUN 1'], after: ['a: COPY 1'], pairs: [''] },
  { name: 'stage renamed', before: ['a: RUN 1'], after: ['b: RUN 1'], pairs: ['RUN 1'] },
  {
    name: 'inserted and edited below',
    before: ['a: RUN 1; RUN 2; RUN 3'],
    after: ['a: RUN 1; COPY x; RUN 2; RUN y'],
    pairs: ['RUN 1', '', 'RUN 2', 'RUN 3'],
  },
  { name: 'twice the same', before: ['a: RUN 1; RUN 1'], after: ['a: RUN 1; RUN 1'], pairs: ['RUN 1', 'RUN 1'] },
  {
    name: 'the stage decides between equal steps',
    before: ['a: RUN 1', 'b: RUN 1'],
    after: ['b: RUN 1'],
    pairs: ['RUN 1'],
    stages: ['b'],
  },
];

for (const { name, before, after, pairs, stages } of ROWS) {
  test(`steps are matched: ${name}`, () => {
    const matches = matchSteps(steps(...after), steps(...before));
    assert.deepEqual(
      matches.map((match) => match?.text ?? ''),
      pairs,
    );
    if (stages)
      assert.deepEqual(
        matches.map((match) => match?.place.stage),
        stages,
      );
  });
}
