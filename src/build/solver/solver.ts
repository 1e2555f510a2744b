/**
 * Evaluates a build graph. Keys are computed from the roots down; a vertex whose key has a record is a hit and runs
 * nothing; what has none runs only when something asks for its snapshot. The solver knows no operation: it asks the
 * runner of each vertex for a key and, on a miss, for a snapshot. What surprises: a key may need an input's snapshot
 * (the content of files copied from a stage), so keys and runs interleave.
 */
import { setMaxListeners } from 'node:events';
import type { Digest } from '../../image/digest.ts';
import type { Snapshot } from '../../rootfs/snapshot.ts';
import type { CacheStore } from '../cache/cache-store.ts';
import type { ImportedStep, ImportedSteps } from '../cache/imported-steps.ts';
import type { BuildGraph, Vertex } from '../graph/vertex.ts';
import type { EmitBuildEvent } from '../progress/build-event.ts';
import type { OpRunners, SolvedVertex } from './op-runner.ts';
import { VertexSolver } from './vertex-solver.ts';

export interface SolveOptions {
  readonly runners: OpRunners;
  readonly cache: CacheStore;
  /** Asked for what the cache does not have. */
  readonly imports?: ImportedSteps | undefined;
  /** Whether the target's imported result will do as layers that nobody unpacks here. Never unless told. */
  readonly passesOn?: (imported: ImportedStep) => boolean;
  /** Taken for a key while its step runs, so that equal steps of concurrent builds run once. */
  readonly lockKey: (key: Digest, signal: AbortSignal) => Promise<AsyncDisposable>;
  readonly emit: EmitBuildEvent;
  /** Told when a vertex's key is known (`hit` or `not-needed`) and again when it has run. */
  readonly onOutcome?: (vertex: Vertex, solved: SolvedVertex) => void;
  readonly signal: AbortSignal;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Steps that may run at once. */
  readonly parallelism: number;
}

export interface Solution {
  /** The target's root filesystem; undefined is the empty root, or one that nobody needed the files of. */
  readonly snapshot: Snapshot | undefined;
  /** The target's result when it comes from another store and its files were not needed. */
  readonly imported?: ImportedStep | undefined;
  /** What became of each vertex of the graph whose key was computed. */
  readonly vertices: ReadonlyMap<Digest, SolvedVertex>;
}

/**
 * Makes the graph's target. The first failure ends everything that is under way and is thrown once all of it has
 * stopped; an abort of the signal does the same.
 * @throws BrokenImportError when an imported record could not be made good: solve again without its source
 */
export async function solve(graph: BuildGraph, options: SolveOptions): Promise<Solution> {
  const failure = new AbortController();
  const signal = AbortSignal.any([options.signal, failure.signal]);
  setMaxListeners(0, signal);
  const solver = new VertexSolver({ ...options, signal });
  try {
    const target = graph.target && (await solver.solve(graph.target));
    const imported = target?.imported && options.passesOn?.(target.imported) ? target.imported : undefined;
    if (target && imported) await solver.prepare(target.vertex, imported);
    const snapshot = imported ? undefined : await target?.snapshot();
    return { snapshot, imported, vertices: solver.outcomes() };
  } catch (error) {
    failure.abort(error);
    await solver.settled();
    throw options.signal.aborted ? options.signal.reason : error;
  }
}
