import { constants } from 'node:os';
import { loadLibc } from './libc.ts';

/**
 * Becomes another program (execve): same process id, same standard streams, nothing of this program runs any more, exit
 * listeners included. `argv` includes the program's own name; `file` is a path, not looked up. Returns false where it
 * cannot be done (no koffi, no such file), and the caller starts a child instead.
 */
export function replaceProcess(
  file: string,
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): false {
  const libc = loadLibc();
  if (!libc || [file, ...argv].some((text) => text.includes('\0'))) return false;
  // Node.js ignores SIGPIPE and marks the standard streams close-on-exec and, when it used them, non-blocking.
  libc.resetSignal(constants.signals.SIGPIPE);
  for (const fd of [0, 1, 2]) libc.passOn(fd);
  const variables = Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`]));
  libc.execve(file, [...argv, null], [...variables, null]);
  return false;
}
