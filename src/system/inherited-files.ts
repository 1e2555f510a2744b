import { readdirSync } from 'node:fs';
import { loadLibc } from './libc.ts';

/**
 * Keeps files that this process got from its parent, other than the standard streams, from programs that it starts
 * (what Node.js opens itself never reaches them). Without koffi nothing happens.
 */
export function keepInheritedFiles(): void {
  const libc = loadLibc();
  if (!libc) return;
  for (const name of readdirSync('/proc/self/fd')) {
    if (Number(name) > 2) libc.closeOnExec(Number(name));
  }
}
