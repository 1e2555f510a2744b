import { join } from 'node:path';
import type { BuildRecord, StepRecord } from '../build/record/build-record.ts';
import { BuildRecords } from '../build/record/build-records.ts';
import type { Dockerfile } from '../dockerfile/ast.ts';

/** Records of so many builds are looked at, newest first: older ones say little about today. */
const MOST_BUILDS = 30;

/**
 * How long the steps of a Dockerfile took when they ran last, in milliseconds, by the line that the instruction begins on
 * now. `path` is the file's, absolute. Empty where no build of it left a record.
 */
export type MeasuredLines = (path: string, dockerfile: Dockerfile) => ReadonlyMap<number, number>;

/** Reads the records of a store once, for any number of Dockerfiles. */
export function readMeasuredLines(storeRoot: string): MeasuredLines {
  const byPath = new Map<string, Map<string, number>>();
  for (const { options, steps } of recentRecords(storeRoot)) {
    const durations = byPath.get(options.dockerfile) ?? new Map<string, number>();
    byPath.set(options.dockerfile, durations);
    for (const step of steps) {
      const source = ranSource(step);
      if (source !== undefined && !durations.has(source)) durations.set(source, step.durationMs);
    }
  }
  return (path, dockerfile) => linesOf(dockerfile, byPath.get(path) ?? new Map());
}

function linesOf({ instructions }: Dockerfile, durations: ReadonlyMap<string, number>): ReadonlyMap<number, number> {
  const lines = instructions.flatMap(({ original, range }): readonly (readonly [number, number])[] => {
    const ms = durations.get(original);
    return ms === undefined ? [] : [[range.start.line, ms]];
  });
  return new Map(lines);
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
