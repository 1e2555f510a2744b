import { join } from 'node:path';
import type { BuildRecord, StepRecord } from '../build/record/build-record.ts';
import { BuildRecords } from '../build/record/build-records.ts';

/** Records of so many builds are looked at, newest first: older ones say little about today. */
const MOST_BUILDS = 30;

/**
 * How long the steps of Dockerfiles took when they ran last, in milliseconds, by the file's absolute path and the text of
 * the instruction. Only files of which a build left a record.
 */
export function readStepDurations(storeRoot: string): ReadonlyMap<string, ReadonlyMap<string, number>> {
  const byPath = new Map<string, Map<string, number>>();
  for (const { options, steps } of recentRecords(storeRoot)) {
    const durations = byPath.get(options.dockerfile) ?? new Map<string, number>();
    byPath.set(options.dockerfile, durations);
    for (const step of steps) {
      const source = ranSource(step);
      if (source !== undefined && !durations.has(source)) durations.set(source, step.durationMs);
    }
  }
  return byPath;
}

function* recentRecords(storeRoot: string): Generator<BuildRecord> {
  let count = 0;
  for (const record of new BuildRecords(join(storeRoot, 'builds')).records()) {
    if (++count > MOST_BUILDS) return;
    yield record;
  }
}

/** A hit has the time of the run it was taken from. */
function ranSource({ source, outcome }: StepRecord): string | undefined {
  return outcome === 'run' || outcome === 'hit' ? source : undefined;
}
