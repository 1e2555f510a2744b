/**
 * What a solve would do, found out without running anything: keys are computed as far as they can be known, and looked
 * up. A key that needs the files of a step that would have to run stays unknown, and what hangs on it is a maybe.
 */
import type { Digest } from '../../image/digest.ts';
import type { Snapshot } from '../../rootfs/snapshot.ts';
import { type CacheKey, cacheKey } from '../cache/cache-key.ts';
import type { CacheRecord, CacheStore } from '../cache/cache-store.ts';
import type { ImportedSteps } from '../cache/imported-steps.ts';
import type { OpKind } from '../graph/op.ts';
import type { BuildGraph, Vertex } from '../graph/vertex.ts';
import { locateError } from './locate-error.ts';
import type { OpContext, OpRunner, OpRunners, SolvedInput } from './op-runner.ts';
import { UnknownContent } from './unknown-content.ts';

export interface ForecastVertex {
  /** undefined when it hangs on files that are yet to be made or fetched. */
  readonly key: CacheKey | undefined;
  /** `maybe`: it runs only if files that are not there yet differ from what they were. */
  readonly outcome: 'hit' | 'run' | 'maybe' | 'not-needed';
  readonly record: Pick<CacheRecord, 'durationMs' | 'importedFrom'> | undefined;
}

export interface ForecastOptions {
  readonly runners: OpRunners;
  readonly cache: Pick<CacheStore, 'lookup'>;
  /** Asked for what the cache does not have. */
  readonly imports?: ImportedSteps | undefined;
  readonly signal: AbortSignal;
}

interface Keyed {
  readonly vertex: Vertex;
  readonly key: CacheKey | undefined;
  readonly record: ForecastVertex['record'];
  readonly snapshot: Snapshot | undefined;
  /** Made anew whatever the cache has, or built on such. */
  readonly isFresh: boolean;
}

/** By the vertices' digests. @throws what the keys of operations throw: a file that is missing, at its place. */
export async function forecast(
  graph: BuildGraph,
  options: ForecastOptions,
): Promise<ReadonlyMap<Digest, ForecastVertex>> {
  const keyed = new Map<Digest, Keyed>();
  for (const vertex of graph.vertices) {
    options.signal.throwIfAborted();
    keyed.set(vertex.digest, await keyVertex(vertex, keyed, options));
  }
  const wanted = new Demand(keyed, options);
  if (graph.target) wanted.want(graph.target, 'run');
  for (const vertex of graph.vertices) wanted.wantContent(vertex);
  return new Map([...keyed].map(([digest, { key, record }]) => [digest, { key, record, outcome: wanted.of(digest) }]));
}

async function keyVertex(
  vertex: Vertex,
  keyed: ReadonlyMap<Digest, Keyed>,
  { runners, cache, imports, signal }: ForecastOptions,
): Promise<Keyed> {
  const inputs = vertex.inputs.map((input) => keyedInput(input, keyed, imports));
  const key = await knownKey(vertex, inputs, { runner: runnerOf(vertex, runners), signal });
  const inputKeys = new Set(key?.inputs);
  const isFresh =
    vertex.ignoreCache ||
    vertex.inputs.some(({ digest }) => {
      const input = keyed.get(digest);
      return input?.isFresh === true && input.key !== undefined && inputKeys.has(input.key.digest);
    });
  const hit = key && !isFresh ? await cache.lookup(key.digest) : undefined;
  const imported = key && !isFresh && !hit ? imports?.find(vertex, key.digest) : undefined;
  const record = hit?.record ?? (imported && { durationMs: imported.durationMs, importedFrom: imported.source });
  return { vertex, key, record, snapshot: hit?.snapshot, isFresh };
}

/** An input whose key is not known has one that nothing else has, so that it shows where it went. */
function keyedInput(
  vertex: Vertex,
  keyed: ReadonlyMap<Digest, Keyed>,
  imports: ImportedSteps | undefined,
): SolvedInput {
  const input = keyed.get(vertex.digest);
  return {
    vertex,
    key: input?.key ?? cacheKey({ unknown: vertex.digest }, []),
    selection(request) {
      const isClaimed = input?.key && !input.snapshot && !input.isFresh;
      return isClaimed ? imports?.selection(input.key.digest, request) : undefined;
    },
    async snapshot() {
      if (input?.snapshot) return input.snapshot;
      if (vertex.op.kind === 'context') return undefined;
      throw new UnknownContent(`the files of ${vertex.name} are not known`);
    },
  };
}

async function knownKey(
  vertex: Vertex,
  inputs: readonly SolvedInput[],
  { runner, signal }: { readonly runner: OpRunner<OpKind>; readonly signal: AbortSignal },
): Promise<CacheKey | undefined> {
  try {
    const key = await runner.cacheKey(vertex.op, inputs, silentContext(vertex, signal));
    const unknown = inputs.filter((input) => input.key.parts.unknown !== undefined);
    return unknown.some((input) => key.inputs.includes(input.key.digest)) ? undefined : key;
  } catch (error) {
    if (error instanceof UnknownContent) return undefined;
    throw locateError(error, vertex.origin);
  }
}

function runnerOf(vertex: Vertex, runners: OpRunners): OpRunner<OpKind> {
  return runners[vertex.op.kind] as OpRunner<OpKind>;
}

function silentContext(vertex: Vertex, signal: AbortSignal): OpContext {
  return { vertex, signal, log: () => undefined, note: () => undefined, progress: () => undefined };
}

/** Who needs whose result, from the target up: a miss that nobody needs does not run. */
class Demand {
  readonly #keyed: ReadonlyMap<Digest, Keyed>;
  readonly #options: ForecastOptions;
  readonly #outcomes = new Map<Digest, 'run' | 'maybe'>();

  constructor(keyed: ReadonlyMap<Digest, Keyed>, options: ForecastOptions) {
    this.#keyed = keyed;
    this.#options = options;
  }

  of(digest: Digest): ForecastVertex['outcome'] {
    return this.#keyed.get(digest)?.record ? 'hit' : (this.#outcomes.get(digest) ?? 'not-needed');
  }

  /** Keeps its own stack: a chain of steps may be longer than the call stack is deep. */
  want(target: Vertex, certainty: 'run' | 'maybe'): void {
    const pending: (readonly [Vertex, 'run' | 'maybe'])[] = [[target, certainty]];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const [vertex, wanted] = next;
      const keyed = this.#keyed.get(vertex.digest);
      if (!keyed || keyed.record || vertex.op.kind === 'context') continue;
      const outcome = keyed.key || vertex.ignoreCache ? wanted : 'maybe';
      const before = this.#outcomes.get(vertex.digest);
      if (before === 'run' || before === outcome) continue;
      this.#outcomes.set(vertex.digest, outcome);
      for (const input of vertex.inputs) pending.push([input, outcome]);
    }
  }

  /** A hit whose key an imported record told of: nobody needs the input's files. */
  #isTold({ digest }: Vertex, input: Vertex): boolean {
    const key = this.#keyed.get(input.digest)?.key;
    return this.of(digest) === 'hit' && key !== undefined && this.#options.imports?.hasSelections(key.digest) === true;
  }

  /** Files that decide a key are made before it is known. */
  wantContent(vertex: Vertex): void {
    for (const index of runnerOf(vertex, this.#options.runners).contentInputs(vertex.op)) {
      const input = vertex.inputs[index];
      if (input && !this.#isTold(vertex, input)) this.want(input, 'run');
    }
  }
}
