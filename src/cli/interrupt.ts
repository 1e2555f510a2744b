import { setMaxListeners } from 'node:events';
import { KnownError } from '../diagnostics/known-error.ts';

/**
 * Aborted by the first SIGINT, SIGTERM or SIGHUP. A second one ends the process at once: by then everything that is
 * half made lies under temporary names and is removed by the next command.
 */
export function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  // Every step and transfer of a build listens to it.
  setMaxListeners(0, controller.signal);
  for (const [name, number] of [
    ['SIGINT', 2],
    ['SIGTERM', 15],
    ['SIGHUP', 1],
  ] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(128 + number);
      controller.abort(new KnownError('BUILD_CANCELLED', `Stopped by ${name}.`, { exitCode: 128 + number }));
    });
  }
  return controller.signal;
}
