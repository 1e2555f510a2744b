import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { BuildRecords } from '../build/record/build-records.ts';
import { KnownError, systemErrorCode } from '../diagnostics/known-error.ts';
import { explainedStep, numberSteps } from './explain.ts';
import type { ExplainedStep } from './explanation.ts';
import { findBuild } from './find-build.ts';

export interface BuildLogsOptions {
  readonly storeRoot: string;
  /** See `findBuild`. */
  readonly build?: string | undefined;
  /** Number of a step, or its place (`builder 4/6`, `builder 4`). */
  readonly step?: string | undefined;
}

export interface StepLog {
  readonly step: ExplainedStep;
  /** All that the step wrote, as it wrote it. */
  readonly output: Buffer;
}

/**
 * What the steps of a build wrote, in the order of the build; steps without output are left out unless named.
 * @throws KnownError BUILD_NOT_FOUND
 */
export function buildLogs({ storeRoot, build, step }: BuildLogsOptions): readonly StepLog[] {
  const records = new BuildRecords(join(storeRoot, 'builds'));
  const record = findBuild(records, build);
  const numbers = numberSteps(record.steps);
  const logs = record.steps.map((each, index) => ({
    step: explainedStep(each, index, numbers),
    output: each.log === undefined ? undefined : readLog(join(records.dir(record.id), basename(each.log))),
  }));
  logs.sort((a, b) => a.step.number - b.step.number);
  const meant =
    step === undefined ? logs.filter(({ output }) => output) : logs.filter((log) => isMeant(log.step, step));
  if (step !== undefined && meant.length === 0) {
    throw new KnownError('BUILD_NOT_FOUND', `Build ${record.id} has no step ${JSON.stringify(step)}.`, {
      hint: `It has steps 1 to ${Math.max(...numbers)}; "slipway explain ${record.id}" shows them.`,
    });
  }
  return meant.map((log) => ({ step: log.step, output: log.output ?? Buffer.alloc(0) }));
}

function isMeant({ number, place }: ExplainedStep, text: string): boolean {
  if (number === 0) return false;
  const plain = (value: string) => value.trim().replace(/\s+/g, ' ');
  return String(number) === text || plain(place) === plain(text) || plain(place).startsWith(`${plain(text)}/`);
}

/** A log that is gone shows nothing: the record outlives it where somebody tidied up. */
function readLog(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
