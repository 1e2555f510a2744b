import type { StepRecord } from '../build/record/build-record.ts';

type Timed = Pick<StepRecord, 'inputs' | 'startedMs' | 'endedMs'>;

/**
 * Indexes of the steps that decided how long the build took: from the one that ended last back through the input that each
 * had to wait for longest.
 */
export function criticalPath(steps: readonly Timed[]): readonly number[] {
  const path: number[] = [];
  const ended = (index: number) => steps[index]?.endedMs ?? 0;
  let next = latest([...steps.keys()], ended);
  while (next !== undefined && !path.includes(next)) {
    path.push(next);
    next = latest(waitedFor(next, steps), ended);
  }
  return path.reverse();
}

function latest(indexes: readonly number[], ended: (index: number) => number): number | undefined {
  const ran = indexes.filter((index) => ended(index) > 0);
  return ran.sort((a, b) => ended(b) - ended(a))[0];
}

/** Through hits, which take no time, to what ran before them. */
function waitedFor(index: number, steps: readonly Timed[]): readonly number[] {
  const found = new Set<number>();
  const seen = new Set<number>();
  const pending = [...(steps[index]?.inputs ?? [])];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    if (steps[next]?.endedMs !== undefined) found.add(next);
    else pending.push(...(steps[next]?.inputs ?? []));
  }
  return [...found];
}
