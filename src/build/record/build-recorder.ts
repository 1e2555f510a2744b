/**
 * Listens to one build and keeps what a record needs: what was planned, what became of each step, when. It also says why
 * a step runs while it runs, from the project's newest record. It decides nothing about the build.
 */
import { arch, cpus, hostname, totalmem, type } from 'node:os';
import { KnownError } from '../../diagnostics/known-error.ts';
import { stripControl } from '../../diagnostics/redact.ts';
import type { Dockerfile } from '../../dockerfile/ast.ts';
import type { Digest } from '../../image/digest.ts';
import type { CacheKey } from '../cache/cache-key.ts';
import { maskValues, textMasker } from '../cache/mask-secrets.ts';
import type { BuildGraph, Vertex } from '../graph/vertex.ts';
import type { BuildEvent } from '../progress/build-event.ts';
import type { SolvedVertex } from '../solver/op-runner.ts';
import type { BuildRecord, PhaseRecord, RecordedOptions, StepOutcome, StepRecord } from './build-record.ts';
import type { BuildRecords } from './build-records.ts';
import { causeStatement, causeText } from './cause-text.ts';
import type { FindManifest } from './compare-steps.ts';
import { declaredNames, describeSteps, type StepDescriber } from './describe-steps.ts';
import { firstMissAt } from './first-misses.ts';

export interface BuildRecorderOptions {
  readonly id: string;
  readonly project: string;
  readonly dockerfile: Dockerfile;
  /** With the values of arguments as given; they are masked here. */
  readonly options: RecordedOptions;
  readonly records: BuildRecords;
  readonly manifests: FindManifest;
  /** Name of the file with a step's output. */
  readonly logName: (vertex: Digest) => string | undefined;
}

/** How a build ended. */
export interface BuildEnd {
  readonly result?: BuildRecord['result'];
  readonly error?: unknown;
  /** Bytes of the layers that steps made, where they are known. */
  readonly sizes?: ReadonlyMap<Digest, number>;
}

interface Times {
  readonly name: string;
  startedMs: number;
  endedMs?: number;
  outcome?: StepOutcome;
  readonly fetched: Map<string, number>;
}

export class BuildRecorder {
  readonly #options: BuildRecorderOptions;
  readonly #startedMs: number;
  readonly #times = new Map<Digest, Times>();
  readonly #solved = new Map<Digest, { readonly key: CacheKey } & Partial<SolvedVertex>>();
  #plan: StepDescriber | undefined;
  #latest: { readonly record: BuildRecord | undefined } | undefined;
  #graph: BuildGraph | undefined;

  constructor(options: BuildRecorderOptions, startedMs: number) {
    this.#options = options;
    this.#startedMs = startedMs;
  }

  planned(graph: BuildGraph): void {
    this.#graph = graph;
    this.#plan = describeSteps(graph, this.#options.dockerfile, this.#options.options.buildArgs);
  }

  /** A vertex's key became known, or what became of it. */
  outcome(vertex: Vertex, solved: SolvedVertex): void {
    this.#solved.set(vertex.digest, solved);
  }

  observe(event: BuildEvent): void {
    if (!('vertex' in event)) return;
    if (event.type === 'vertex-started') {
      this.#times.set(event.vertex, { name: event.name, startedMs: event.timeMs, fetched: new Map() });
      return;
    }
    const times = this.#times.get(event.vertex);
    const ended = ENDS[event.type];
    if (ended && times) Object.assign(times, { outcome: ended, endedMs: event.timeMs });
    else if (ended === 'failed') this.#times.set(event.vertex, failedUnstarted(event));
    if (event.type === 'progress') times?.fetched.set(event.transfer.id, event.transfer.current);
  }

  /** Why a step that has just started is the first of its chain to run; undefined without an earlier record of the project. */
  causeOf(vertex: Digest): string | undefined {
    const index = this.#graph?.vertices.findIndex(({ digest }) => digest === vertex) ?? -1;
    if (index < 0 || this.#follows(this.#graph?.vertices[index])) return undefined;
    this.#latest ??= { record: this.#options.records.latest(this.#options.project) };
    const latest = this.#latest.record;
    if (!latest) return undefined;
    const build = { steps: this.#steps(), declared: declaredNames(this.#options.dockerfile), options: this.#kept() };
    const miss = firstMissAt(index, build, { earlier: [latest], manifests: this.#options.manifests });
    const told = miss?.causes.filter(({ cause }) => cause.kind !== 'inputs' && cause.kind !== 'never-built') ?? [];
    const sentences = told.map(({ step, cause }) =>
      step === index && cause.kind !== 'variable' && cause.kind !== 'setting'
        ? causeStatement(cause)
        : causeText(cause, build.steps[step]?.source || build.steps[step]?.text || ''),
    );
    return sentences.length === 0 ? undefined : stripControl(sentences.join('; '));
  }

  /** Told without looking at any record: most steps that run follow another. */
  #follows(vertex: Vertex | undefined): boolean {
    return (
      vertex?.inputs.some(
        ({ digest, op }) => op.kind !== 'image' && op.kind !== 'context' && this.#times.has(digest),
      ) ?? true
    );
  }

  /** The record as it stands now. */
  record(endedMs: number, end: BuildEnd): BuildRecord {
    const { id, project, dockerfile } = this.#options;
    return {
      version: 1,
      id,
      project,
      startedMs: this.#startedMs,
      endedMs,
      options: this.#kept(),
      declared: declaredNames(dockerfile),
      steps: this.#steps(end.sizes),
      phases: this.#phases(endedMs),
      ...(end.result === undefined ? {} : { result: end.result }),
      ...(end.error === undefined ? {} : { error: this.#error(end.error) }),
      machine: {
        hostname: hostname(),
        cpus: cpus().length,
        memoryBytes: totalmem(),
        platform: `${type().toLowerCase()}/${arch()}`,
        node: process.version,
      },
    };
  }

  #kept(): RecordedOptions {
    const { options } = this.#options;
    return { ...options, buildArgs: maskValues(options.buildArgs) };
  }

  #steps(sizes?: BuildEnd['sizes']): readonly StepRecord[] {
    const plan = this.#plan;
    return plan?.steps.map((step) => this.#step(step, plan, sizes?.get(step.vertex))) ?? [];
  }

  #step(step: StepDescriber['steps'][number], plan: StepDescriber, sizeBytes: number | undefined): StepRecord {
    const solved = this.#solved.get(step.vertex);
    const times = this.#times.get(step.vertex);
    const log = this.#options.logName(step.vertex);
    const fetchedBytes = [...(times?.fetched.values() ?? [])].reduce((sum, bytes) => sum + bytes, 0);
    return {
      ...step,
      ...(solved === undefined ? {} : { key: plan.keptKey(solved.key) }),
      outcome: step.kind === 'context' ? 'not-needed' : outcomeOf(times, solved),
      ...(times === undefined && solved?.importedFrom !== undefined ? { importedFrom: solved.importedFrom } : {}),
      ...(times === undefined ? {} : { startedMs: times.startedMs }),
      ...(times?.endedMs === undefined ? {} : { endedMs: times.endedMs }),
      durationMs: times?.endedMs === undefined ? (solved?.durationMs ?? 0) : times.endedMs - times.startedMs,
      ...(sizeBytes === undefined ? {} : { sizeBytes }),
      ...(step.kind === 'image' && fetchedBytes > 0 ? { fetchedBytes } : {}),
      ...(log === undefined ? {} : { log }),
    };
  }

  #phases(endedMs: number): readonly PhaseRecord[] {
    const steps = new Set(this.#plan?.steps.map(({ vertex }) => vertex));
    return [...this.#times]
      .filter(([vertex]) => !steps.has(vertex))
      .map(([, times]) => ({ name: times.name, startedMs: times.startedMs, endedMs: times.endedMs ?? endedMs }));
  }

  #error(error: unknown): BuildRecord['error'] {
    const mask = textMasker(Object.entries(this.#options.options.buildArgs).map(([name, value]) => `${name}=${value}`));
    const message = mask(error instanceof Error ? error.message : String(error));
    if (!(error instanceof KnownError)) return { message };
    return { code: error.code, message, ...(error.range ? { line: error.range.start.line } : {}) };
  }
}

const ENDS: Readonly<Partial<Record<BuildEvent['type'], StepOutcome>>> = {
  'vertex-completed': 'run',
  'vertex-failed': 'failed',
  'vertex-cancelled': 'cancelled',
};

function outcomeOf(times: Times | undefined, solved: Partial<SolvedVertex> | undefined): StepOutcome {
  return times ? (times.outcome ?? 'run') : (solved?.outcome ?? 'not-needed');
}

/** What fails while its key is made never starts. */
function failedUnstarted(event: BuildEvent): Times {
  const name = 'name' in event ? event.name : '';
  return { name, startedMs: event.timeMs, endedMs: event.timeMs, outcome: 'failed', fetched: new Map() };
}
