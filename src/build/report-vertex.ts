import { createHash } from 'node:crypto';
import type { Digest } from '../image/digest.ts';
import type { EmitBuildEvent, TransferProgress } from './progress/build-event.ts';

export interface ReportOptions {
  /** Nothing is shown unless bytes are moved: a server that has nothing new is no news. */
  readonly onlyTransfers?: boolean;
}

/** Does work that is in no graph, seen as a vertex of this name (`[internal] load git source …`). */
export async function reportVertex<T>(
  emit: EmitBuildEvent,
  name: string,
  work: (progress: (transfer: TransferProgress) => void) => Promise<T>,
  { onlyTransfers = false }: ReportOptions = {},
): Promise<T> {
  const vertex = `sha256:${createHash('sha256').update(name).digest('hex')}` as Digest;
  const shown = () => ({ timeMs: Date.now(), vertex, name });
  let isStarted = false;
  const start = (): void => {
    if (!isStarted) emit({ type: 'vertex-started', ...shown() });
    isStarted = true;
  };
  if (!onlyTransfers) start();
  try {
    const result = await work((transfer) => {
      start();
      emit({ type: 'progress', timeMs: Date.now(), vertex, transfer });
    });
    if (isStarted) emit({ type: 'vertex-completed', ...shown() });
    return result;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (isStarted) emit({ type: 'vertex-failed', ...shown(), message });
    throw error;
  }
}
