/** The entry of a worker thread: lints batches of the queue it was given, sends each, and ends. Bundled to dist/lint-worker.cjs. */
import { parentPort, workerData } from 'node:worker_threads';
import { createFileLinter } from '../lint-files.ts';
import { lintBatches } from './lint-batches.ts';
import type { LintWork } from './lint-in-threads.ts';

const { queue, request, mostContexts } = workerData as LintWork;
void lintBatches(queue, createFileLinter(request, mostContexts), (batch) => parentPort?.postMessage(batch));
