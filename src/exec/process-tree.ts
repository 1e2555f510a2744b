import { readdirSync, readFileSync } from 'node:fs';
import { systemErrorCode } from '../diagnostics/known-error.ts';

/** Ids of a process's children, of all its threads; empty when it is gone or the kernel does not tell. */
export function childrenOf(pid: number): number[] {
  return readIfAlive(() => readdirSync(`/proc/${pid}/task`)).flatMap((thread) =>
    readIfAlive(() => readFileSync(`/proc/${pid}/task/${thread}/children`, 'latin1').split(' ').filter(Boolean)).map(
      Number,
    ),
  );
}

function readIfAlive(read: () => string[]): string[] {
  try {
    return read();
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes(systemErrorCode(error) ?? '')) return [];
    throw error;
  }
}

/** Sends a signal; a process that has ended meanwhile is no error. */
export function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (systemErrorCode(error) !== 'ESRCH') throw error;
  }
}
