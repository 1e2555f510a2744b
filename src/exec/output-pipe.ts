import { closeSync, constants, openSync, unlinkSync } from 'node:fs';
// The handle of a pipe is a Socket in Node.js; nothing is listened on or connected to.
import { Socket } from 'node:net';
import { makeNode } from '../system/node.ts';

/**
 * A real pipe to a child process. What `spawn` makes for 'pipe' is a socket, which a program cannot open again by way
 * of /dev/stdout.
 */
export interface OutputPipe {
  readonly path: string;
  /** For a child that inherits it. */
  readonly writeFd: number;
  /** Begins to read; resolves when it is released and the last writer is gone. */
  read(onChunk: (chunk: Buffer) => void): Promise<void>;
  /** The child has it, or will never have it: this side's writer and the name are given up. Once. */
  release(): void;
}

/** `path` is a free name, and taken until the release. */
export function openOutputPipe(path: string): OutputPipe {
  // A process of any user may open it again by way of /dev/stdout; whoever has no such process finds no name for it.
  makeNode(path, { type: 'fifo', mode: 0o666 });
  const readFd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const writeFd = openSync(path, constants.O_WRONLY);
  return {
    path,
    writeFd,
    read: (onChunk) => {
      const stream = new Socket({ fd: readFd, readable: true, writable: false });
      return new Promise((resolve, reject) => {
        stream
          .on('data', onChunk)
          .once('error', reject)
          .once('close', () => resolve());
      });
    },
    release: () => {
      closeSync(writeFd);
      unlinkSync(path);
    },
  };
}
