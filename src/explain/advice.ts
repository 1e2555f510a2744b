import { parseManifestText } from '../build/cache/manifest-text.ts';
import type { BuildRecord, StepRecord } from '../build/record/build-record.ts';
import type { Cause } from '../build/record/cause.ts';
import type { FindManifest } from '../build/record/compare-steps.ts';
import { type FirstMiss, hasRun } from '../build/record/first-misses.ts';
import type { Advice } from './explanation.ts';
import { type Installer, installerOf } from './installers.ts';

export interface AdviceRequest {
  readonly miss: FirstMiss;
  /** Indexes of the steps that ran because of it. */
  readonly caused: readonly number[];
  readonly record: BuildRecord;
  readonly manifests: FindManifest;
}

/** Less is not worth a change. */
const WORTH_MS = 100;

/**
 * What would have kept steps in the cache. Only what the record shows: which files changed and which a step reads, which
 * step names an argument, whose result came out the same.
 */
export function adviceFor(request: AdviceRequest): Advice | undefined {
  const [first, ...more] = request.miss.causes;
  if (!first || more.length > 0) return undefined;
  const advice = adviceOn(first.cause, request);
  return advice && advice.savedMs >= WORTH_MS ? advice : undefined;
}

function adviceOn(cause: Cause, request: AdviceRequest): Advice | undefined {
  switch (cause.kind) {
    case 'files':
      return cause.use === 'copy' ? (ignoreFiles(cause, request) ?? installEarlier(cause, request)) : undefined;
    case 'variable':
      return cause.declaredBy === 'ARG' ? declareLater(cause.name, request) : undefined;
    case 'base':
      return pinBase(cause, request);
    default:
      return undefined;
  }
}

function stepsOf({ miss, caused, record }: AdviceRequest): readonly StepRecord[] {
  return [...miss.steps, ...caused].flatMap((index) => record.steps[index] ?? []);
}

function total(steps: readonly StepRecord[]): number {
  return steps.reduce((sum, { durationMs }) => sum + durationMs, 0);
}

/** Every step that reads what was made anew was cached all the same: the changed files made no difference. */
function ignoreFiles({ changes }: Extract<Cause, { kind: 'files' }>, request: AdviceRequest): Advice | undefined {
  const { miss, caused, record } = request;
  const ran = new Set([...miss.steps, ...caused]);
  const readers = record.steps.filter((step) => !hasRun(step) && step.inputs.some((input) => ran.has(input)));
  const isTarget = ran.has(record.steps.length - 1);
  if (isTarget || changes.length === 0 || readers.length === 0 || !readers.every(({ outcome }) => outcome === 'hit'))
    return undefined;
  const names = changes.slice(0, 3).map(({ path }) => path);
  const rest = changes.length > names.length ? ` and ${changes.length - names.length} more` : '';
  const text = `hide ${names.join(', ')}${rest} by .dockerignore: what ran made the same files as before`;
  return { text, savedMs: total(stepsOf(request)) };
}

/** Steps that only fetch dependencies, named by files that did not change: they can stand before the copy. */
function installEarlier(cause: Extract<Cause, { kind: 'files' }>, request: AdviceRequest): Advice | undefined {
  const copy = request.record.steps[request.miss.steps[0] ?? -1];
  const changed = new Set(cause.changes.map(({ path }) => path.slice(path.lastIndexOf('/') + 1)));
  if (!copy || cause.changes.length === 0) return undefined;
  const copied = copiedNames(copy, request.manifests);
  const movable = request.caused.flatMap((index) => {
    const step = request.record.steps[index];
    const installer = step && standsOn(step, copy, request.record) ? installerOf(step) : undefined;
    if (!step || !installer) return [];
    const files = installer.files.filter((file) => copied.has(baseName(file)));
    const isNamed = installer.files.length === 0 || files.length > 0;
    return isNamed && !files.some((file) => changed.has(baseName(file)))
      ? [{ step, installer: { ...installer, files } }]
      : [];
  });
  if (movable.length === 0) return undefined;
  const text = `${movable.map(({ installer }) => moveInstaller(installer)).join('; ')} before ${copy.source || copy.text}`;
  return { text, ...lineOf(copy), savedMs: total(movable.map(({ step }) => step)) };
}

/** Names of the files that a copy takes in; a name that was removed is a changed one. */
function copiedNames({ key }: StepRecord, manifests: FindManifest): ReadonlySet<string> {
  const sources = Object.entries(key?.parts ?? {}).flatMap(([name, value]) =>
    name.startsWith('source ') ? [value] : [],
  );
  return new Set(sources.flatMap((digest) => [...parseManifestText(manifests(digest) ?? '').keys()].map(baseName)));
}

/** The copy is part of its root, in this stage or one that it begins from. */
function standsOn(step: StepRecord, copy: StepRecord, { steps }: BuildRecord): boolean {
  const seen = new Set<StepRecord>();
  for (let next: StepRecord | undefined = step; next && !seen.has(next); next = steps[next.inputs[0] ?? -1]) {
    if (next === copy) return true;
    seen.add(next);
  }
  return false;
}

function moveInstaller({ command, files }: Installer): string {
  const [first = '', second] = files;
  if (first === '') return `run ${command}`;
  return `copy ${second === undefined ? first : `${first} and ${second}`} and run ${command}`;
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Steps in front of the first that names the argument need not see it. */
function declareLater(name: string, request: AdviceRequest): Advice | undefined {
  const mention = new RegExp(String.raw`\$\{?${name}\b`);
  const steps = stepsOf(request).filter(({ place }) => place?.stage === stepsOf(request)[0]?.place?.stage);
  const user = steps.findIndex((step) => mention.test(step.source ?? ''));
  if (user <= 0) return undefined;
  const kept = steps.slice(0, user);
  if (!kept.every((step) => step.kind !== 'exec' || installerOf(step))) return undefined;
  const text = `declare ARG ${name} just before ${steps[user]?.source ?? ''}`;
  return { text, ...lineOf(steps[user]), savedMs: total(kept) };
}

function pinBase({ before, after }: Extract<Cause, { kind: 'base' }>, request: AdviceRequest): Advice | undefined {
  if (before.name !== after.name || before.platform !== after.platform) return undefined;
  const base = request.record.steps[request.miss.causes[0]?.step ?? -1];
  const text = `pin the base by its digest: FROM ${before.name}@${before.digest}`;
  return { text, ...lineOf(base), savedMs: total(stepsOf(request)) };
}

function lineOf(step: StepRecord | undefined): { readonly line?: number } {
  return step?.line === undefined ? {} : { line: step.line };
}
