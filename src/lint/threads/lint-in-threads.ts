/**
 * Files linted by several threads, with the results, the order and the errors of one. This thread takes its part, so that
 * nothing waits for workers to start. What surprises: errors do not come from workers. Whatever a worker did not send
 * (it met an error, it could not start, it ran out of memory) this thread lints once more, and throws what that throws.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { createFileLinter, type FileLinter, type FilesRequest, type LintedFile } from '../lint-files.ts';
import { type BatchQueue, createBatchQueue } from './batch-queue.ts';
import { type LintedBatch, lintBatch, lintBatches } from './lint-batches.ts';

export interface LintThreads {
  /** Path of the bundled `lint-worker.ts`. */
  readonly entry: string;
  /** This one included. */
  readonly most: number;
}

/** What a worker is given. */
export interface LintWork {
  readonly queue: BatchQueue;
  readonly request: FilesRequest;
  readonly mostContexts: number;
}

/** Until a worker has started, this thread has linted almost as many: with fewer, it brings little. */
const FILES_A_THREAD = 32;
/** shellcheck takes about as long for a file as a worker to start. Each thread waits for its own, so no more run than threads. */
const SHELLCHECKED_FILES_A_THREAD = 4;
/** Of all threads together. */
const MOST_CONTEXTS = 32;

/** Files that are excluded are left out. @throws KnownError CONFIG_INVALID, and the reason of the signal */
export async function lintInThreads(
  paths: readonly string[],
  request: FilesRequest,
  { threads, signal }: { readonly threads: LintThreads | undefined; readonly signal: AbortSignal },
): Promise<readonly LintedFile[]> {
  const count = threadCount(paths.length, request, threads);
  const queue = createBatchQueue(paths);
  const work: LintWork = { queue, request, mostContexts: Math.ceil(MOST_CONTEXTS / count) };
  const linted = new Map<number, readonly LintedFile[]>();
  const keep = ({ index, files }: LintedBatch) => void linted.set(index, files);
  const others = threads
    ? Array.from({ length: count - 1 }, () => runWorker(threads.entry, work, { keep, signal }))
    : [];
  const ends = Promise.allSettled(others);
  const lintFile = interruptible(createFileLinter(request, work.mostContexts), signal);
  await lintBatches(queue, lintFile, keep);
  await ends;
  const files: LintedFile[] = [];
  for (const index of queue.batches.keys())
    files.push(...(linted.get(index) ?? (await lintBatch(queue, index, lintFile))));
  return files;
}

function threadCount(files: number, { shellcheck }: FilesRequest, threads: LintThreads | undefined): number {
  const filesAThread = shellcheck === undefined ? FILES_A_THREAD : SHELLCHECKED_FILES_A_THREAD;
  return Math.max(1, Math.min(threads?.most ?? 1, Math.floor(files / filesAThread)));
}

interface WorkerEnds {
  readonly keep: (batch: LintedBatch) => void;
  readonly signal: AbortSignal;
}

/** Settles when the worker is gone, however it ended, and what it sent has come. */
function runWorker(entry: string, work: LintWork, { keep, signal }: WorkerEnds): Promise<void> {
  return new Promise((resolve) => {
    const worker = new Worker(entry, { workerData: work });
    const stop = () => void worker.terminate();
    signal.addEventListener('abort', stop);
    worker.on('message', keep);
    worker.on('error', () => undefined);
    worker.on('exit', () => {
      signal.removeEventListener('abort', stop);
      resolve();
    });
  });
}

/** Linting is one long computation: signals of the system are heard between files. */
function interruptible(lintFile: FileLinter, signal: AbortSignal): FileLinter {
  return async (path) => {
    await nextTurn();
    signal.throwIfAborted();
    return lintFile(path);
  };
}
