/**
 * Which steps of a build were the first of their chain that the cache did not have, and why. Every cause comes from a
 * comparison with the same step of an earlier build of the same project; without one nothing is claimed.
 */
import type { Digest } from '../../image/digest.ts';
import type { BuildRecord, StepRecord } from './build-record.ts';
import type { Cause } from './cause.ts';
import { compareSteps, type FindManifest } from './compare-steps.ts';
import { matchSteps } from './match-steps.ts';

/** The part of a build that is compared; a build that is under way has it, too. */
export type ComparedBuild = Pick<BuildRecord, 'steps' | 'declared'> & {
  readonly options: Pick<BuildRecord['options'], 'buildArgs'>;
};
export type EarlierBuild = ComparedBuild & Pick<BuildRecord, 'id'>;

export interface LocatedCause {
  /** Index of the step in which the cause lies: the missed one, or one before it. */
  readonly step: number;
  readonly cause: Cause;
}

export interface FirstMiss {
  /** Indexes of the first steps that this made run, in order; several where stages share the cause. */
  readonly steps: readonly number[];
  /** At least one. */
  readonly causes: readonly LocatedCause[];
  /** The build it was compared with. */
  readonly comparedWith?: string;
}

/** Builds that are looked at for the one that a step differs least from. */
const EARLIER_LIMIT = 20;

/** The first misses in order of their steps; `earlier` is read newest first and only as far as needed. */
export function firstMisses(
  build: ComparedBuild,
  earlier: Iterable<EarlierBuild>,
  manifests: FindManifest,
): readonly FirstMiss[] {
  const history = new EarlierBuilds(build, earlier);
  const found = new Map<string, FirstMiss>();
  for (const index of firstMissed(build.steps)) {
    const miss = explainMiss(index, build, { history, manifests });
    if (!miss) continue;
    const identity = JSON.stringify(miss.causes.map(({ step, cause }) => [shareable(cause) ? '' : step, cause]));
    const same = found.get(identity);
    found.set(identity, same ? { ...same, steps: [...same.steps, ...miss.steps] } : miss);
  }
  return [...found.values()].sort((a, b) => (a.steps[0] ?? 0) - (b.steps[0] ?? 0));
}

/** The first miss that made a step run, or undefined when it only follows another, or nothing is known. */
export function firstMissAt(
  index: number,
  build: ComparedBuild,
  { earlier, manifests }: { readonly earlier: Iterable<EarlierBuild>; readonly manifests: FindManifest },
): FirstMiss | undefined {
  if (!isFirstMissed(index, build.steps)) return undefined;
  return explainMiss(index, build, { history: new EarlierBuilds(build, earlier), manifests });
}

/** Causes that are no step's own: one line for all steps that have them. */
function shareable({ kind }: Cause): boolean {
  return kind === 'never-built' || kind === 'no-cache';
}

function firstMissed(steps: readonly StepRecord[]): readonly number[] {
  return [...steps.keys()].filter((index) => isFirstMissed(index, steps));
}

/** It ran, and nothing that it builds on or reads from did. A base that was unpacked is a miss only where nothing else was. */
function isFirstMissed(index: number, steps: readonly StepRecord[]): boolean {
  const step = steps[index];
  if (!step || !hasRun(step)) return false;
  if (step.kind === 'image') return !steps.some((user) => user.inputs.includes(index) && hasRun(user));
  return !step.inputs.some((input) => !isSource(steps[input]) && hasRun(steps[input]));
}

/** What is only fetched or read, and whose key says all about it. */
function isSource(step: StepRecord | undefined): boolean {
  return step?.kind === 'image' || step?.kind === 'context';
}

export function hasRun(step: StepRecord | undefined): boolean {
  return step?.outcome === 'run' || step?.outcome === 'failed' || step?.outcome === 'cancelled';
}

interface Explaining {
  readonly history: EarlierBuilds;
  readonly manifests: FindManifest;
}

function explainMiss(index: number, build: ComparedBuild, context: Explaining): FirstMiss | undefined {
  const step = build.steps[index];
  if (!step?.key) return undefined;
  if (step.ignoresCache) return { steps: [index], causes: [{ step: index, cause: { kind: 'no-cache' } }] };
  const { history } = context;
  const same = history.withKey(step.key.digest);
  if (same) return { steps: [index], causes: [{ step: index, cause: lostResult(same.step) }], comparedWith: same.id };
  const earlier = history.closest(index, step);
  if (!earlier) {
    const kind = history.isEmpty ? 'never-built' : 'new-instruction';
    return { steps: [index], causes: [{ step: index, cause: { kind } }] };
  }
  const causes = withoutImplied(differences(index, earlier, { build, manifests: context.manifests }));
  const known = causes.length > 0 ? causes : [{ step: index, cause: { kind: 'inputs' } as const }];
  return { steps: [index], causes: known, comparedWith: earlier.id };
}

/** The key is not new, so its result was there and is gone, or never came to be. */
function lostResult({ outcome }: StepRecord): Cause {
  return outcome === 'run' || outcome === 'hit' ? { kind: 'pruned' } : { kind: 'unfinished', outcome };
}

interface Comparison {
  readonly build: ComparedBuild;
  readonly manifests: FindManifest;
}

/** What differs in a step and in whatever it builds on: the roots of the difference, each told once. */
function differences(index: number, earlier: MatchedBuild, { build, manifests }: Comparison): LocatedCause[] {
  const found: LocatedCause[] = [];
  const seen = new Set<number>();
  const pending = [index];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    const [step, before] = [build.steps[next], earlier.matches[next]];
    if (!step?.key || step.key.digest === before?.key?.digest) continue;
    if (!before?.key) {
      found.push({ step: next, cause: { kind: 'new-instruction' } });
      continue;
    }
    const own = compareSteps(
      { step: before, key: before.key, build: earlier },
      { step, key: step.key, build },
      manifests,
    );
    found.push(...own.map((cause) => ({ step: next, cause })));
    const keyed = step.inputs.filter((input) => step.key?.inputs.includes(build.steps[input]?.key?.digest as Digest));
    pending.push(...keyed);
    const moved = own.length === 0 ? predecessor(next, earlier, build) : undefined;
    if (moved) found.push({ step: next, cause: moved });
  }
  return found.sort((a, b) => a.step - b.step);
}

/** The step that stood before this one, when it is not the one that stands there now. */
function predecessor(index: number, earlier: MatchedBuild, build: ComparedBuild): Cause | undefined {
  const step = build.steps[index];
  const before = earlier.matches[index]?.inputs[0];
  const now = step?.inputs[0];
  if (before === undefined || now === undefined) return undefined;
  const stoodBefore = earlier.steps[before];
  if (!stoodBefore || earlier.matches[now] === stoodBefore) return undefined;
  const removed = !earlier.matches.includes(stoodBefore);
  return { kind: 'predecessor', before: stoodBefore.source || stoodBefore.text, removed };
}

/** A base brings its environment and user along: where it is another, they are no causes of their own. */
function withoutImplied(causes: readonly LocatedCause[]): readonly LocatedCause[] {
  if (!causes.some(({ cause }) => cause.kind === 'base')) return causes;
  return causes.filter(({ cause }) => cause.kind !== 'variable' || cause.declaredBy !== 'base');
}

type MatchedBuild = EarlierBuild & { readonly matches: readonly (StepRecord | undefined)[] };

/** Earlier builds of a project, read and matched as far as somebody asks. */
class EarlierBuilds {
  readonly #build: ComparedBuild;
  readonly #rest: Iterator<EarlierBuild>;
  readonly #read: MatchedBuild[] = [];

  constructor(build: ComparedBuild, earlier: Iterable<EarlierBuild>) {
    this.#build = build;
    this.#rest = earlier[Symbol.iterator]();
  }

  get isEmpty(): boolean {
    return this.#builds().next().done === true;
  }

  /** The newest step of this key; one that was evaluated rather than one whose result nobody needed. */
  withKey(digest: Digest): { readonly id: string; readonly step: StepRecord } | undefined {
    let unneeded: { readonly id: string; readonly step: StepRecord } | undefined;
    for (const { id, steps } of this.#builds()) {
      const step = steps.find(({ key }) => key?.digest === digest);
      if (step && step.outcome !== 'not-needed') return { id, step };
      if (step) unneeded ??= { id, step };
    }
    return unneeded;
  }

  /**
   * The newest build that has the step on the same inputs, so that what differs is the step's own; else the newest that
   * has the step at all.
   */
  closest(index: number, { key }: StepRecord): MatchedBuild | undefined {
    let newest: MatchedBuild | undefined;
    for (const build of this.#builds()) {
      const earlier = build.matches[index]?.key;
      if (!earlier) continue;
      if (earlier.inputs.join() === key?.inputs.join()) return build;
      newest ??= build;
    }
    return newest;
  }

  *#builds(): Generator<MatchedBuild> {
    for (let at = 0; at < EARLIER_LIMIT; at++) {
      const build = this.#read[at] ?? this.#readNext();
      if (!build) return;
      yield build;
    }
  }

  #readNext(): MatchedBuild | undefined {
    const next = this.#rest.next();
    if (next.done) return undefined;
    const matched = { ...next.value, matches: matchSteps(this.#build.steps, next.value.steps) };
    this.#read.push(matched);
    return matched;
  }
}
