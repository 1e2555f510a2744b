import { closeSync, constants, openSync, unlinkSync } from 'node:fs';
// The handle of a pipe is a Socket in Node.js; nothing is listened on or connected to.
import { Socket } from 'node:net';
import { makeNode } from '../system/node.ts';

/**
 * A real pipe to a child process. What `spawn` makes for 'pipe' is a socket, which a program cannot open again by way
 * of /dev/stdout.
 */
export interface OutputPipe {
  /** For the child; closed here by `start`. */
  readonly writeFd: number;
  /** Begins to read; resolves when the last writer is gone. */
  start(onChunk: (chunk: Buffer) => void): Promise<void>;
  /** Ends without reading, when there is no child after all. */
  close(): void;
}

/** `path` is a free name for a moment. */
export function openOutputPipe(path: string): OutputPipe {
  // A process of any user may open it again by way of /dev/stdout; whoever has no such process finds no name for it.
  makeNode(path, { type: 'fifo', mode: 0o666 });
  const readFd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const writeFd = openSync(path, constants.O_WRONLY);
  unlinkSync(path);
  return {
    writeFd,
    start: (onChunk) => {
      closeSync(writeFd);
      const stream = new Socket({ fd: readFd, readable: true, writable: false });
      return new Promise((resolve, reject) => {
        stream
          .on('data', onChunk)
          .once('error', reject)
          .once('close', () => resolve());
      });
    },
    close: () => {
      closeSync(writeFd);
      closeSync(readFd);
    },
  };
}
