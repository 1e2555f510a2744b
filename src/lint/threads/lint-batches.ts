import type { FileLinter, LintedFile } from '../lint-files.ts';
import { type BatchQueue, closeQueue, takeBatch } from './batch-queue.ts';

/** What became of a batch: data that a worker can send. */
export interface LintedBatch {
  readonly index: number;
  readonly files: readonly LintedFile[];
}

/**
 * Lints batches until none is left for any thread. An error ends that for all of them and is not thrown: of those that threads
 * meet, only the one of the first file counts, and who reads the results finds it by linting what is missing.
 */
export async function lintBatches(
  queue: BatchQueue,
  lintFile: FileLinter,
  done: (batch: LintedBatch) => void,
): Promise<void> {
  try {
    for (let index = takeBatch(queue); index !== undefined; index = takeBatch(queue))
      done({ index, files: await lintBatch(queue, index, lintFile) });
  } catch {
    closeQueue(queue);
  }
}

/** One batch, without the files that are excluded. */
export async function lintBatch({ batches }: BatchQueue, index: number, lintFile: FileLinter): Promise<LintedFile[]> {
  const files: LintedFile[] = [];
  for (const path of batches[index] ?? []) {
    const file = await lintFile(path);
    if (file) files.push(file);
  }
  return files;
}
