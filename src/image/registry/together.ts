import { setMaxListeners } from 'node:events';

/**
 * Runs work for every item at once. When one fails the others are aborted, and its error is thrown after all have
 * ended, so that nothing goes on behind the caller's back. Results come in the items' order.
 */
export async function together<T, R>(
  items: readonly T[],
  run: (item: T, signal: AbortSignal) => Promise<R>,
  signal: AbortSignal | undefined,
): Promise<R[]> {
  const failed = new AbortController();
  const either = signal ? AbortSignal.any([signal, failed.signal]) : failed.signal;
  // Every item listens to it: Node.js would take more than ten for a leak, and print so.
  setMaxListeners(0, either);
  const running = items.map(async (item) => {
    try {
      return await run(item, either);
    } catch (error) {
      failed.abort(error);
      throw error;
    }
  });
  await Promise.allSettled(running);
  signal?.throwIfAborted();
  failed.signal.throwIfAborted();
  return Promise.all(running);
}
