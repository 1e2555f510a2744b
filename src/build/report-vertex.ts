import { createHash } from 'node:crypto';
import type { Digest } from '../image/digest.ts';
import type { EmitBuildEvent, TransferProgress } from './progress/build-event.ts';

/** Does work that is in no graph, seen as a vertex of this name (`[internal] load git source …`). */
export async function reportVertex<T>(
  emit: EmitBuildEvent,
  name: string,
  work: (progress: (transfer: TransferProgress) => void) => Promise<T>,
): Promise<T> {
  const vertex = `sha256:${createHash('sha256').update(name).digest('hex')}` as Digest;
  const shown = () => ({ timeMs: Date.now(), vertex, name });
  emit({ type: 'vertex-started', ...shown() });
  try {
    const result = await work((transfer) => emit({ type: 'progress', timeMs: Date.now(), vertex, transfer }));
    emit({ type: 'vertex-completed', ...shown() });
    return result;
  } catch (error) {
    emit({ type: 'vertex-failed', ...shown(), message: error instanceof Error ? error.message : String(error) });
    throw error;
  }
}
