/**
 * Says of a finished build what became of each step and, for the first miss of each chain, why, what it cost, and what
 * would have avoided it. All of it is computed from records; nothing is built, and nothing is guessed where a record is
 * missing.
 */
import { join } from 'node:path';
import { ManifestStore } from '../build/cache/manifest-store.ts';
import { type BuildRecord, isShownStep, type StepRecord } from '../build/record/build-record.ts';
import { BuildRecords } from '../build/record/build-records.ts';
import { causeText } from '../build/record/cause-text.ts';
import type { FindManifest } from '../build/record/compare-steps.ts';
import { type FirstMiss, firstMisses, hasRun } from '../build/record/first-misses.ts';
import { stripControl } from '../diagnostics/redact.ts';
import { adviceFor } from './advice.ts';
import type { ExplainedMiss, ExplainedStep, Explanation } from './explanation.ts';
import { findBuild } from './find-build.ts';

export interface ExplainOptions {
  /** Root of the store. */
  readonly storeRoot: string;
  /** See `findBuild`; the newest unless told. */
  readonly build?: string | undefined;
}

/** @throws KnownError BUILD_NOT_FOUND */
export function explain({ storeRoot, build }: ExplainOptions): Explanation {
  const records = new BuildRecords(join(storeRoot, 'builds'));
  const manifests = new ManifestStore(join(storeRoot, 'cache'));
  const record = findBuild(records, build);
  return explainRecord(record, records.earlier(record), (digest) => manifests.get(digest));
}

/** `earlier` are builds of the same project, newest first. */
export function explainRecord(
  record: BuildRecord,
  earlier: Iterable<BuildRecord>,
  manifests: FindManifest,
): Explanation {
  const numbers = numberSteps(record.steps);
  const steps = record.steps.flatMap((step, index) => (numbers[index] ? [explainedStep(step, index, numbers)] : []));
  steps.sort((a, b) => a.number - b.number);
  const misses = firstMisses(record, earlier, manifests).map((miss) =>
    explainedMiss(miss, { record, numbers, manifests }),
  );
  const { id, startedMs, endedMs, options, result, error } = record;
  const count = (test: (step: ExplainedStep) => boolean) => steps.filter(test).length;
  return {
    build: { id, startedMs, endedMs, options, ...(result ? { result } : {}), ...(error ? { error } : {}) },
    steps,
    cached: count(({ outcome }) => outcome === 'hit'),
    ran: count(({ outcome }) => outcome !== 'hit' && outcome !== 'not-needed'),
    notNeeded: count(({ outcome }) => outcome === 'not-needed'),
    misses,
  };
}

/** By index: from 1 in the order of the Dockerfile for what is shown, 0 for contexts. */
export function numberSteps(steps: readonly StepRecord[]): readonly number[] {
  const shown = [...steps.keys()].filter((index) => isShownStep(steps[index] as StepRecord));
  const ordered = shown.sort((a, b) => (steps[a]?.line ?? 0) - (steps[b]?.line ?? 0) || a - b);
  const numbers = new Map(ordered.map((index, position) => [index, position + 1]));
  return steps.map((_, index) => numbers.get(index) ?? 0);
}

export function explainedStep(step: StepRecord, index: number, numbers: readonly number[]): ExplainedStep {
  return {
    number: numbers[index] ?? 0,
    place: placeOf(step),
    text: stepText(step),
    ...(step.line === undefined ? {} : { line: step.line }),
    outcome: step.outcome,
    ...(step.importedFrom === undefined ? {} : { importedFrom: stripControl(step.importedFrom) }),
    durationMs: step.durationMs,
    ...(step.sizeBytes === undefined ? {} : { sizeBytes: step.sizeBytes }),
    inputs: step.inputs.flatMap((input) => numbers[input] || []),
  };
}

function placeOf({ name }: StepRecord): string {
  return stripControl(/^\[([^\]]+)\]/.exec(name)?.[1] ?? '');
}

/** As written where it was; triggers and work of the builder's own have only what progress shows. */
export function stepText({ kind, source, text }: StepRecord): string {
  const written = kind === 'merge' || text.startsWith('ONBUILD ') ? text : source || text;
  return stripControl(written).replace(/\s+/g, ' ');
}

interface Explaining {
  readonly record: BuildRecord;
  readonly numbers: readonly number[];
  readonly manifests: FindManifest;
}

function explainedMiss(miss: FirstMiss, { record, numbers, manifests }: Explaining): ExplainedMiss {
  const caused = causedSteps(miss.steps, record.steps);
  const all = [...miss.steps, ...caused].flatMap((index) => record.steps[index] ?? []);
  const advice = adviceFor({ miss, caused, record, manifests });
  return {
    steps: miss.steps.map((index) => numbers[index] ?? 0),
    causes: miss.causes.map(({ step, cause }) => ({
      step: numbers[step] ?? 0,
      text: stripControl(causeText(cause, stepText(record.steps[step] as StepRecord))),
      cause,
    })),
    caused: caused.map((index) => numbers[index] ?? 0),
    costMs: all.reduce((sum, { durationMs }) => sum + durationMs, 0),
    costBytes: all.reduce((sum, { sizeBytes }) => sum + (sizeBytes ?? 0), 0),
    ...(advice === undefined ? {} : { advice }),
    ...(miss.comparedWith === undefined ? {} : { comparedWith: miss.comparedWith }),
  };
}

/** Indexes of the steps that ran and build on or read from one that had to; a hit in between ends the chain. */
function causedSteps(first: readonly number[], steps: readonly StepRecord[]): readonly number[] {
  const reached = new Set(first);
  for (const [index, step] of steps.entries())
    if (hasRun(step) && step.inputs.some((input) => reached.has(input))) reached.add(index);
  return [...reached].filter((index) => !first.includes(index)).sort((a, b) => a - b);
}
