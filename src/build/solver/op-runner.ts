import type { Digest } from '../../image/digest.ts';
import type { Snapshot } from '../../rootfs/snapshot.ts';
import type { CacheKey } from '../cache/cache-key.ts';
import type { ImportedStep } from '../cache/imported-steps.ts';
import type { Op, OpKind } from '../graph/op.ts';
import type { Vertex } from '../graph/vertex.ts';
import type { TransferProgress } from '../progress/build-event.ts';

/** An input whose key is known; its snapshot is looked up or made only when asked for, once. */
export interface SolvedInput {
  readonly vertex: Vertex;
  readonly key: CacheKey;
  /** undefined: the empty root. */
  snapshot(): Promise<Snapshot | undefined>;
  /** The result comes from another store, and nothing of it was fetched yet. */
  readonly imported?: ImportedStep | undefined;
  /** Digest of what a request selects from its files, where an imported record says so. Good for finding a hit, never for a run. */
  selection?(request: string): Digest | undefined;
}

/** What an operation may use while it is keyed or runs. */
export interface OpContext {
  readonly vertex: Vertex;
  readonly signal: AbortSignal;
  log(stream: 'stdout' | 'stderr', chunk: Buffer): void;
  note(text: string): void;
  progress(transfer: TransferProgress): void;
}

/** The two questions the solver asks of every operation. One implementation a kind, in `ops/`. */
export interface OpRunner<Kind extends OpKind> {
  /** Indexes of the inputs whose files decide the key, so that they are made before it is asked for, in parallel. */
  contentInputs(op: Extract<Op, { kind: Kind }>): readonly number[];
  cacheKey(op: Extract<Op, { kind: Kind }>, inputs: readonly SolvedInput[], context: OpContext): Promise<CacheKey>;
  /** False where a run makes nothing that could be kept (a context): there is nothing to look up and nobody to wait for. */
  readonly isKept?: boolean;
  /** Resolves to the result; undefined is an empty root (a context, which is read in place). */
  run(
    op: Extract<Op, { kind: Kind }>,
    inputs: readonly SolvedInput[],
    context: OpContext,
  ): Promise<Snapshot | undefined>;
}

export type OpRunners = { readonly [Kind in OpKind]: OpRunner<Kind> };

/** What became of a vertex. */
export interface SolvedVertex {
  readonly vertex: Digest;
  readonly key: CacheKey;
  readonly outcome: 'hit' | 'run' | 'not-needed';
  readonly createdMs: number;
  readonly durationMs: number;
  /** Of a hit: the cache source it was taken from, unless it ran on this machine. */
  readonly importedFrom?: string | undefined;
}
