import { KnownError } from '../../diagnostics/known-error.ts';
import type { Digest } from '../../image/digest.ts';
import type { Snapshot } from '../../rootfs/snapshot.ts';
import type { CacheKey } from '../cache/cache-key.ts';
import type { CacheHit, CacheRecord } from '../cache/cache-store.ts';
import type { ImportedStep } from '../cache/imported-steps.ts';
import type { OpKind } from '../graph/op.ts';
import type { Vertex } from '../graph/vertex.ts';
import { locateError } from './locate-error.ts';
import type { OpContext, OpRunner, SolvedInput, SolvedVertex } from './op-runner.ts';
import { Semaphore } from './semaphore.ts';
import type { SolveOptions } from './solver.ts';
import { UnknownContent } from './unknown-content.ts';

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

  /** Makes the layers of an imported result ready for an export that needs no files. */
  prepare(vertex: Vertex, imported: ImportedStep): Promise<void> {
    return imported.prepare({ signal: this.#options.signal, progress: this.#context(vertex).progress });
  }

  async #solveVertex(vertex: Vertex): Promise<SolvedInput> {
    const inputs = await this.#solveInputs(vertex);
    const found = (await this.#findByClaims(vertex, inputs)) ?? (await this.#find(vertex, inputs));
    const { key, useCache, hit, imported } = found;
    if (!useCache) this.#fresh.add(key.digest);
    const record = hit ? hit.record : imported && { ...imported, importedFrom: imported.source };
    if (record) this.#settleHit(vertex, key, record);
    else this.#settle(vertex, { key, outcome: 'not-needed', createdMs: 0, durationMs: 0 });

    const make = () => {
      if (hit) return Promise.resolve(hit.snapshot);
      return this.#track(imported ? this.#bring(vertex, key, imported) : this.#make(vertex, key, inputs, useCache));
    };
    return { vertex, key, snapshot: once(make), imported };
  }

  /** What decides a key by its files is made at once, unless an imported record may say enough of it. */
  #solveInputs(vertex: Vertex): Promise<readonly SolvedInput[]> {
    const read = this.#runner(vertex).contentInputs(vertex.op);
    return Promise.all(
      vertex.inputs.map(async (input, index) => {
        const solved = await this.solve(input);
        if (read.includes(index) && !this.#isClaimed(solved)) await solved.snapshot();
        return solved;
      }),
    );
  }

  /** Its files are not here, and an imported record tells of them. */
  #isClaimed({ vertex: { digest }, key, imported }: SolvedInput): boolean {
    if (this.#fresh.has(key.digest) || !this.#options.imports?.hasSelections(key.digest)) return false;
    return imported !== undefined || this.#outcomes.get(digest)?.outcome === 'not-needed';
  }

  /** The key by the inputs' own files, which are made for it, and what there is of it. */
  async #find(vertex: Vertex, inputs: readonly SolvedInput[]): Promise<Found> {
    const read = this.#runner(vertex).contentInputs(vertex.op);
    await Promise.all(inputs.map((input, index) => (read.includes(index) ? input.snapshot() : undefined)));
    this.#options.signal.throwIfAborted();
    return this.#look(vertex, await this.#key(vertex, inputs));
  }

  /**
   * The key by what imported records say of the inputs' files, so that nothing has to be fetched or made for it; undefined
   * when they do not say enough, or nothing has this key. A step that runs is keyed by `#find`: only files decide what is
   * recorded here.
   */
  async #findByClaims(vertex: Vertex, inputs: readonly SolvedInput[]): Promise<Found | undefined> {
    const read = this.#runner(vertex).contentInputs(vertex.op);
    const isClaimed = inputs.map((input, index) => read.includes(index) && this.#isClaimed(input));
    if (!isClaimed.includes(true)) return undefined;
    this.#options.signal.throwIfAborted();
    const claimed = inputs.map((input, index) => (isClaimed[index] ? this.#claim(input) : input));
    try {
      const key = await this.#runner(vertex).cacheKey(vertex.op, claimed, this.#context(vertex));
      const found = await this.#look(vertex, key);
      return found.hit || found.imported ? found : undefined;
    } catch (error) {
      // A user's error is met again by `#find`, which knows how to tell of it.
      if (error instanceof UnknownContent || error instanceof KnownError) return undefined;
      throw error;
    }
  }

  #claim(input: SolvedInput): SolvedInput {
    return {
      ...input,
      selection: (request) => this.#options.imports?.selection(input.key.digest, request),
      snapshot: () => Promise.reject(new UnknownContent(`the files of ${input.vertex.name} are not fetched`)),
    };
  }

  async #look(vertex: Vertex, key: CacheKey): Promise<Found> {
    const useCache = !vertex.ignoreCache && !key.inputs.some((input) => this.#fresh.has(input));
    if (!useCache || !this.#isKept(vertex)) return { key, useCache };
    const hit = await this.#options.cache.lookup(key.digest);
    return { key, useCache, hit, imported: hit ? undefined : this.#options.imports?.find(vertex, key.digest) };
  }

  /** The files of an imported result, kept from now on as if it had run here. */
  async #bring(vertex: Vertex, key: CacheKey, imported: ImportedStep): Promise<Snapshot> {
    const { signal, cache, lockKey } = this.#options;
    await using _lock = await lockKey(key.digest, signal);
    const hit = await cache.lookup(key.digest);
    if (hit) return hit.snapshot;
    const snapshot = await imported.snapshot({ signal, progress: this.#context(vertex).progress });
    const { createdMs, durationMs, source: importedFrom } = imported;
    await cache.record({ key, snapshotId: snapshot.id, createdMs, durationMs, name: vertex.name, importedFrom });
    return snapshot;
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
      this.#settleHit(vertex, key, hit.record);
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

  #settleHit(
    vertex: Vertex,
    key: CacheKey,
    { createdMs, durationMs, importedFrom }: Pick<CacheRecord, 'createdMs' | 'durationMs' | 'importedFrom'>,
  ): void {
    this.#settle(vertex, { key, outcome: 'hit', createdMs, durationMs, importedFrom });
    this.#options.emit({
      type: 'vertex-cached',
      timeMs: this.#options.now(),
      vertex: vertex.digest,
      name: vertex.name,
      importedFrom,
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

/** A key, and what there is of it. */
interface Found {
  readonly key: CacheKey;
  /** False where it has to be made anew. */
  readonly useCache: boolean;
  readonly hit?: CacheHit | undefined;
  readonly imported?: ImportedStep | undefined;
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
