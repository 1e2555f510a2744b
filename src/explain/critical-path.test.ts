import assert from 'node:assert/strict';
import { test } from 'node:test';
import { criticalPath } from './critical-path.ts';

const ran = (startedMs: number, endedMs: number, ...inputs: number[]) => ({ startedMs, endedMs, inputs });
const hit = (...inputs: number[]) => ({ inputs });

for (const { name, steps, path } of [
  { name: 'a chain', steps: [ran(0, 1), ran(1, 2, 0), ran(2, 3, 1)], path: [0, 1, 2] },
  { name: 'the slower of two stages', steps: [ran(0, 5), ran(0, 9), ran(9, 10, 0, 1)], path: [1, 2] },
  { name: 'through a hit', steps: [ran(0, 5), hit(0), ran(5, 6, 1)], path: [0, 2] },
  { name: 'nothing ran', steps: [hit(), hit(0)], path: [] },
]) {
  test(`critical path: ${name}`, () => assert.deepEqual(criticalPath(steps), path));
}
