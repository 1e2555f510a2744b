import { dirname } from 'node:path';

/** Files that are linted by one thread in turn, shared by threads: data that a worker can be given. */
export interface BatchQueue {
  readonly batches: readonly (readonly string[])[];
  /** How many batches were taken. */
  readonly taken: SharedArrayBuffer;
}

/** A batch takes some tens of milliseconds, so that threads end at almost the same time. */
const FEWEST = 8;
/** A folder of more files is divided. */
const MOST = 32;

/** Keeps the order of the files. Those of one folder stay together: what is read of their context is read once a thread. */
export function createBatchQueue(paths: readonly string[]): BatchQueue {
  const batches: string[][] = [];
  let batch: string[] = [];
  for (const [index, path] of paths.entries()) {
    const isOtherFolder = index > 0 && dirname(path) !== dirname(paths[index - 1] ?? '');
    if (batch.length >= (isOtherFolder ? FEWEST : MOST)) batch = [];
    if (batch.push(path) === 1) batches.push(batch);
  }
  return { batches, taken: new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT) };
}

/** The index of a batch that no other thread has; undefined when none is left. */
export function takeBatch({ batches, taken }: BatchQueue): number | undefined {
  const index = Atomics.add(new Int32Array(taken), 0, 1);
  return index < batches.length ? index : undefined;
}

/** Leaves nothing to be taken. */
export function closeQueue({ batches, taken }: BatchQueue): void {
  Atomics.store(new Int32Array(taken), 0, batches.length);
}
