import { spawnSync } from 'node:child_process';
import { constants } from 'node:os';
import { systemError } from './libc.ts';

/**
 * Runs a command of the system in place of a call of the kernel, and waits for it.
 * @throws a system error with ENOSYS when the command is not installed, with the code that its message names, or EIO.
 */
export function runCommand(argv: readonly [string, ...string[]], path: string): Buffer {
  const [file, ...args] = argv;
  const { error, status, stdout, stderr } = spawnSync(file, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, LC_ALL: 'C' },
    maxBuffer: 1 << 28,
  });
  if (error) throw systemError(constants.errno.ENOSYS, file, path);
  if (status !== 0) throw systemError(errnoOfMessage(stderr.toString()), file, path);
  return stdout;
}

const MESSAGES: readonly (readonly [string, number])[] = [
  ['No such file', constants.errno.ENOENT],
  ['File exists', constants.errno.EEXIST],
  ['Operation not permitted', constants.errno.EPERM],
  ['Permission denied', constants.errno.EACCES],
  ['not supported', constants.errno.ENOTSUP],
  ['No such attribute', constants.errno.ENODATA],
  ['Invalid argument', constants.errno.EINVAL],
];

function errnoOfMessage(message: string): number {
  return MESSAGES.find(([text]) => message.includes(text))?.[1] ?? constants.errno.EIO;
}
