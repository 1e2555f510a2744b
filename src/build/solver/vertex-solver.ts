import type { Digest } from '../../image/digest.ts';
import type { Snapshot } from '../../rootfs/snapshot.ts';
import type { CacheKey } from '../cache/cache-key.ts';
import type { CacheHit } from '../cache/cache-store.ts';
import type { OpKind } from '../graph/op.ts';
import type { Vertex } from '../graph/vertex.ts';
import { locateError } from './locate-error.ts';
import type { OpContext, OpRunner, SolvedInput, SolvedVertex } from './op-runner.ts';
import { Semaphore } from './semaphore.ts';
import type { SolveOptions } from './solver.ts';

/** The state of one solve: each vertex is keyed once and run at most once. */
export class VertexSolver {
  readonly #options: SolveOptions;
  readonly #solved = new Map<Digest, Promise<SolvedInput>>();
  readonly #running = new Set<Promise<unknown>>();
  readonly #outcomes = new Map<Digest, SolvedVertex>();
  /** Keys whose result was made anew although it may have been cached: what builds on them must not be taken from the cache. */
  readonly #fresh = new Set<Digest>();
  readonly #failed = new Set<Digest>();
  readonly #slots: Semaphore;

  constructor(options: SolveOptions) {
    this.#options = options;
    this.#slots = new Semaphore(options.parallelism);
  }

  outcomes(): ReadonlyMap<Digest, SolvedVertex> {
    return this.#outcomes;
  }

  /** Waits until nothing runs any more; failures are not its business. */
  async settled(): Promise<void> {
    await Promise.allSettled([...this.#solved.values(), ...this.#running]);
  }

  solve(vertex: Vertex): Promise<SolvedInput> {
    const pending = this.#solved.get(vertex.digest) ?? this.#solveVertex(vertex);
    this.#solved.set(vertex.digest, pending);
    return pending;
  }

  async #solveVertex(vertex: Vertex): Promise<SolvedInput> {
    const inputs = await this.#solveInputs(vertex);
    this.#options.signal.throwIfAborted();
    const key = await this.#key(vertex, inputs);
    const useCache = !vertex.ignoreCache && !key.inputs.some((input) => this.#fresh.has(input));
    if (!useCache) this.#fresh.add(key.digest);

    const hit = useCache && this.#isKept(vertex) ? await this.#options.cache.lookup(key.digest) : undefined;
    if (hit) this.#settleHit(vertex, key, hit);
    else this.#settle(vertex, { key, outcome: 'not-needed', createdMs: 0, durationMs: 0 });

    const snapshot = once(() =>
      hit ? Promise.resolve(hit.snapshot) : this.#track(this.#make(vertex, key, inputs, useCache)),
    );
    return { vertex, key, snapshot };
  }

  #solveInputs(vertex: Vertex): Promise<readonly SolvedInput[]> {
    const read = this.#runner(vertex).contentInputs(vertex.op);
    return Promise.all(
      vertex.inputs.map(async (input, index) => {
        const solved = await this.solve(input);
        if (read.includes(index)) await solved.snapshot();
        return solved;
      }),
    );
  }

  async #key(vertex: Vertex, inputs: readonly SolvedInput[]): Promise<CacheKey> {
    try {
      return await this.#runner(vertex).cacheKey(vertex.op, inputs, this.#context(vertex));
    } catch (error) {
      // An input that failed has said so already; only what this vertex itself could not read is its failure.
      if (this.#options.signal.aborted || inputs.some((input) => this.#failed.has(input.vertex.digest))) throw error;
      throw this.#fail(vertex, error);
    }
  }

  async #make(
    vertex: Vertex,
    key: CacheKey,
    inputs: readonly SolvedInput[],
    useCache: boolean,
  ): Promise<Snapshot | undefined> {
    // Inputs first and outside of the slot: a step that waits for another must not keep it from running.
    await Promise.all(this.#rootInputs(key, inputs).map((input) => input.snapshot()));
    if (!this.#isKept(vertex)) return this.#run(vertex, key, inputs);
    const { signal, cache, lockKey } = this.#options;
    await using _lock = await lockKey(key.digest, signal);
    const hit = useCache ? await cache.lookup(key.digest) : undefined;
    if (hit) {
      this.#settleHit(vertex, key, hit);
      return hit.snapshot;
    }
    using _slot = await this.#slots.acquire(signal);
    // Awaited here: the lock and the slot are given back when this function returns.
    return await this.#run(vertex, key, inputs);
  }

  #rootInputs(key: CacheKey, inputs: readonly SolvedInput[]): readonly SolvedInput[] {
    return inputs.filter((input) => key.inputs.includes(input.key.digest));
  }

  async #run(vertex: Vertex, key: CacheKey, inputs: readonly SolvedInput[]): Promise<Snapshot | undefined> {
    const { emit, now, cache } = this.#options;
    const startedMs = now();
    emit({ type: 'vertex-started', timeMs: startedMs, vertex: vertex.digest, name: vertex.name });
    try {
      const snapshot = await this.#runner(vertex).run(vertex.op, inputs, this.#context(vertex));
      const durationMs = now() - startedMs;
      const createdMs = now();
      if (snapshot) await cache.record({ key, snapshotId: snapshot.id, createdMs, durationMs, name: vertex.name });
      this.#settle(vertex, { key, outcome: 'run', createdMs, durationMs });
      emit({ type: 'vertex-completed', timeMs: now(), vertex: vertex.digest, name: vertex.name });
      return snapshot;
    } catch (error) {
      throw this.#fail(vertex, error);
    }
  }

  #settle(vertex: Vertex, solved: Omit<SolvedVertex, 'vertex'>): void {
    const outcome = { vertex: vertex.digest, ...solved };
    this.#outcomes.set(vertex.digest, outcome);
    this.#options.onOutcome?.(vertex, outcome);
  }

  #settleHit(vertex: Vertex, key: CacheKey, hit: CacheHit): void {
    const { createdMs, durationMs } = hit.record;
    this.#settle(vertex, { key, outcome: 'hit', createdMs, durationMs });
    this.#options.emit({
      type: 'vertex-cached',
      timeMs: this.#options.now(),
      vertex: vertex.digest,
      name: vertex.name,
    });
  }

  #fail(vertex: Vertex, error: unknown): unknown {
    const { emit, now, signal } = this.#options;
    const shown = { timeMs: now(), vertex: vertex.digest, name: vertex.name };
    this.#failed.add(vertex.digest);
    if (signal.aborted) emit({ type: 'vertex-cancelled', ...shown });
    else emit({ type: 'vertex-failed', ...shown, message: error instanceof Error ? error.message : String(error) });
    return locateError(error, vertex.origin);
  }

  #isKept(vertex: Vertex): boolean {
    return this.#runner(vertex).isKept !== false;
  }

  #runner(vertex: Vertex): OpRunner<OpKind> {
    // The union of runners is narrowed by the same `kind` that selects the op.
    return this.#options.runners[vertex.op.kind] as OpRunner<OpKind>;
  }

  #context(vertex: Vertex): OpContext {
    const { emit, now, signal } = this.#options;
    const digest = vertex.digest;
    return {
      vertex,
      signal,
      log: (stream, chunk) => emit({ type: 'log', timeMs: now(), vertex: digest, stream, chunk }),
      note: (text) => emit({ type: 'note', timeMs: now(), vertex: digest, text }),
      progress: (transfer) => emit({ type: 'progress', timeMs: now(), vertex: digest, transfer }),
    };
  }

  #track<T>(work: Promise<T>): Promise<T> {
    this.#running.add(work);
    // The one who asked for it sees the failure; here it is only kept from being called unhandled.
    work.then(
      () => this.#running.delete(work),
      () => this.#running.delete(work),
    );
    return work;
  }
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
