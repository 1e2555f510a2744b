/**
 * Says what a build would do before it is made: which steps would be hits, which would run and why, what would be fetched, and
 * what it took before. Reasons are those of `explain`, found the same way.
 */
import { join } from 'node:path';
import { type BuildForecast, type ForecastOptions, type ForecastStep, forecastBuild } from '../build/forecast-build.ts';
import type { BuildRecord, StepRecord } from '../build/record/build-record.ts';
import { BuildRecords } from '../build/record/build-records.ts';
import { causeStatement, causeText } from '../build/record/cause-text.ts';
import { type FirstMiss, firstMisses } from '../build/record/first-misses.ts';
import { matchSteps } from '../build/record/match-steps.ts';
import { stripControl } from '../diagnostics/redact.ts';
import { familiarReference, parseReference } from '../image/reference.ts';
import { explainedStep, numberSteps, stepText } from './explain.ts';
import type { ExplainedStep } from './explanation.ts';

export interface PlannedStep extends Omit<ExplainedStep, 'outcome' | 'durationMs' | 'sizeBytes'> {
  /** `maybe`: it runs only if what a step before it makes differs from what it made. */
  readonly outcome: 'hit' | 'run' | 'maybe' | 'not-needed';
  /** Why it would run; undefined for steps that would not. */
  readonly reason?: string;
  /** What it took when it last ran; undefined when no record tells. */
  readonly expectedMs?: number;
  /** Of a base that would be fetched. */
  readonly fetchBytes?: number;
}

export interface BuildOutlook {
  readonly steps: readonly PlannedStep[];
  readonly wouldRun: number;
  readonly mayRun: number;
  /** Of the steps that would run, those at once taken once; undefined when one of them never ran before. */
  readonly expectedMs?: number;
  /** Of what `maybe` steps would add at most. */
  readonly possibleMs: number;
  /** What the newest build of the project took. */
  readonly lastBuildMs?: number;
  readonly fetchBytes: number;
  /** Names of bases of which nothing is known without asking a registry. */
  readonly unknownBases: readonly string[];
  /** Files named by --if-changed that no step could see. */
  readonly unseenFiles: readonly string[];
}

/** @throws KnownError as `build`, for whatever can be seen without running anything. */
export async function plan(options: ForecastOptions): Promise<BuildOutlook> {
  const forecast = await forecastBuild(options);
  const records = new BuildRecords(join(options.storeRoot, 'builds'));
  const earlier = [...take(records.earlier({ id: '~', project: forecast.project }), COMPARED_BUILDS)];
  return outlook(forecast, earlier);
}

const COMPARED_BUILDS = 20;

function* take<T>(items: Iterable<T>, count: number): Generator<T> {
  let taken = 0;
  for (const item of items) {
    if (taken++ === count) return;
    yield item;
  }
}

/** `earlier` are builds of the same project, newest first. */
export function outlook(forecasted: BuildForecast, earlier: readonly BuildRecord[]): BuildOutlook {
  const forecast = withoutIdleHopes(forecasted, earlier);
  const { build } = forecast;
  const numbers = numberSteps(build.steps);
  const reasons = reasonsToRun(forecast, earlier);
  const expected = expectedTimes(forecast, earlier);
  const steps = build.steps.flatMap((step, index): PlannedStep[] => {
    const { outcome, fetchBytes } = forecast.steps[index] ?? { outcome: 'not-needed' };
    if (numbers[index] === 0) return [];
    const { durationMs: _, sizeBytes: __, outcome: ___, ...shown } = explainedStep(step, index, numbers);
    const reason = reasons.get(index);
    return [
      {
        ...shown,
        outcome,
        ...(reason === undefined ? {} : { reason }),
        ...(expected[index] === undefined ? {} : { expectedMs: expected[index] }),
        ...(fetchBytes === undefined ? {} : { fetchBytes }),
      },
    ];
  });
  steps.sort((a, b) => a.number - b.number);
  const count = (outcome: PlannedStep['outcome']) => steps.filter((step) => step.outcome === outcome).length;
  const expectedMs = longestPath(forecast, expected, ['run']);
  const possibleMs =
    (longestPath(
      forecast,
      expected.map((ms) => ms ?? 0),
      ['run', 'maybe'],
    ) ?? 0) - (expectedMs ?? 0);
  return {
    steps,
    wouldRun: count('run'),
    mayRun: count('maybe'),
    ...(expectedMs === undefined ? {} : { expectedMs }),
    possibleMs: Math.max(0, possibleMs),
    ...(earlier[0] === undefined ? {} : { lastBuildMs: earlier[0].endedMs - earlier[0].startedMs }),
    fetchBytes: forecast.steps.reduce((sum, { fetchBytes }) => sum + (fetchBytes ?? 0), 0),
    unknownBases: forecast.unknownBases.map((name) => familiarReference(parseReference(name))),
    unseenFiles: forecast.unseen,
  };
}

/** A step that no earlier build had has no result that what it reads could turn out to be equal to. */
function withoutIdleHopes(forecast: BuildForecast, earlier: readonly BuildRecord[]): BuildForecast {
  const known = new Set<number>();
  for (const { steps } of earlier)
    for (const [index, match] of matchSteps(forecast.build.steps, steps).entries()) if (match?.key) known.add(index);
  const steps = forecast.steps.map(
    (step, index): ForecastStep => (step.outcome === 'maybe' && !known.has(index) ? { ...step, outcome: 'run' } : step),
  );
  return { ...forecast, steps };
}

/** By index: for first misses their cause, for what follows that it does. */
function reasonsToRun(forecast: BuildForecast, earlier: readonly BuildRecord[]): ReadonlyMap<number, string> {
  const { build } = forecast;
  const reasons = new Map<number, string>();
  const misses = new Map(
    firstMisses(build, earlier, forecast.manifests).flatMap((miss) => miss.steps.map((step) => [step, miss] as const)),
  );
  for (const [index, step] of build.steps.entries()) {
    const outcome = forecast.steps[index]?.outcome;
    const miss = misses.get(index);
    if (step.kind === 'context' || (outcome !== 'run' && outcome !== 'maybe')) continue;
    reasons.set(index, reasonOf(index, { outcome, miss, forecast }));
  }
  return reasons;
}

interface Reason {
  readonly outcome: 'run' | 'maybe';
  readonly miss: FirstMiss | undefined;
  readonly forecast: BuildForecast;
}

function reasonOf(index: number, { outcome, miss, forecast }: Reason): string {
  const step = forecast.build.steps[index] as StepRecord;
  if (outcome === 'maybe') return maybeReason(step, forecast);
  if (isOnUnknownBase(step, forecast)) return 'the base is not in the store';
  if (step.kind === 'image') return 'its files are needed and not unpacked';
  if (!miss) return 'follows';
  return stripControl(miss.causes.map(({ step: at, cause }) => located(at, cause, index, forecast)).join('; '));
}

function located(
  at: number,
  cause: FirstMiss['causes'][number]['cause'],
  index: number,
  forecast: BuildForecast,
): string {
  const selected =
    cause.kind === 'files'
      ? selectedOnly(
          cause.changes.map(({ path }) => path),
          forecast.changed,
        )
      : undefined;
  if (selected) return selected;
  const step = forecast.build.steps[at];
  // A placeholder stands for it, which is another one than what was there.
  if (cause.kind === 'base' && step && isOnUnknownBase(step, forecast))
    return `it is built on ${cause.after.name}, which is not in the store`;
  const isOwn = at === index && cause.kind !== 'variable' && cause.kind !== 'setting';
  return isOwn || !step ? causeStatement(cause) : causeText(cause, stepText(step));
}

/** Where nothing but what was named counts as changed, it is enough to say that the step takes it in. */
function selectedOnly(paths: readonly string[], named: readonly string[]): string | undefined {
  const isNamed = (path: string) => named.some((name) => name === '' || path === name || path.startsWith(`${name}/`));
  if (named.length === 0 || paths.length === 0 || !paths.every(isNamed)) return undefined;
  const [first = '', ...rest] = paths;
  return rest.length === 0 ? `${first} is selected` : `${first} and ${rest.length} more are selected`;
}

function isOnUnknownBase({ reference }: StepRecord, { unknownBases }: BuildForecast): boolean {
  return reference !== undefined && unknownBases.includes(reference);
}

function maybeReason(step: StepRecord, { build }: BuildForecast): string {
  if (step.kind === 'copy' && step.key === undefined) {
    const names = /--from=\S+\s+(.+)\s+\S+$/.exec(step.source ?? '')?.[1];
    if (names !== undefined) return `only if ${names} differs`;
  }
  if (step.kind === 'fetch') return 'only if the download differs';
  const unknown = step.inputs.map((input) => build.steps[input]).find((input) => input && !input.key);
  return unknown ? `only if ${stepText(unknown)} runs` : 'only if what follows runs';
}

/** By index: what a step took when it ran last, in the newest build that tells. */
function expectedTimes(forecast: BuildForecast, earlier: readonly BuildRecord[]): readonly (number | undefined)[] {
  const expected: (number | undefined)[] = forecast.steps.map(({ recordedMs }) => recordedMs);
  for (const record of earlier) {
    if (expected.every((ms) => ms !== undefined)) break;
    const matches = matchSteps(forecast.build.steps, record.steps);
    for (const [index, match] of matches.entries())
      if (match && (match.outcome === 'run' || match.outcome === 'hit')) expected[index] ??= match.durationMs;
  }
  return expected;
}

/** Steps that do not wait for each other run at once: what counts is the longest chain. */
function longestPath(
  { build, steps }: BuildForecast,
  expected: readonly (number | undefined)[],
  outcomes: readonly PlannedStep['outcome'][],
): number | undefined {
  const ends: number[] = [];
  let isKnown = true;
  for (const [index, { inputs, kind }] of build.steps.entries()) {
    const counts = kind !== 'context' && outcomes.includes(steps[index]?.outcome ?? 'not-needed');
    if (counts && expected[index] === undefined) isKnown = false;
    const begin = Math.max(0, ...inputs.map((input) => ends[input] ?? 0));
    ends[index] = begin + (counts ? (expected[index] ?? 0) : 0);
  }
  return isKnown ? Math.max(0, ...ends) : undefined;
}
