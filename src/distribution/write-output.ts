/**
 * Writes a stream to where the user asked: a file, or a stream such as standard output. A file appears whole under its
 * name or not at all. What surprises: a pipe or a device that is there already is written into, never replaced.
 */
import { randomBytes } from 'node:crypto';
import { createWriteStream, mkdirSync, realpathSync, renameSync, rmSync, statSync, WriteStream } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { KnownError, systemErrorCode } from '../diagnostics/known-error.ts';

export interface WriteOutputOptions {
  readonly signal: AbortSignal;
  /** For messages: `-o type=oci`. */
  readonly flag: string;
}

/**
 * @param destination a path, or the stream that `-` stands for; the stream is not ended
 * @throws KnownError USAGE for a terminal or a folder, DISK_FULL, PERMISSION_DENIED
 */
export async function writeOutput(
  destination: string | Writable,
  chunks: AsyncIterable<Buffer>,
  options: WriteOutputOptions,
): Promise<void> {
  if (typeof destination !== 'string') return writeToStream(destination, chunks, options);
  const path = resolveLink(destination);
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats?.isDirectory()) {
    throw new KnownError('USAGE', `${options.flag} would write a file, and ${path} is a folder.`, {
      hint: `Name a file in it: ${join(path, 'image.tar')}`,
      exitCode: 2,
    });
  }
  try {
    if (stats && !stats.isFile()) await pump(chunks, createWriteStream(path), options.signal);
    else await replaceFile(path, chunks, options.signal);
  } catch (error) {
    throw explainWriteError(error, path);
  }
}

/** What the disk refuses, as the user knows it; every other error as it is. */
export function explainWriteError(error: unknown, path: string): unknown {
  switch (systemErrorCode(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new KnownError('DISK_FULL', `There is no space left to write ${path}.`, {
        hint: 'Free some space, or write to another disk; "slipway prune" removes what no image needs.',
        cause: error,
      });
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new KnownError('PERMISSION_DENIED', `${path} cannot be written (${systemErrorCode(error)}).`, {
        hint: 'Choose a folder that is yours.',
        cause: error,
      });
    default:
      return error;
  }
}

async function writeToStream(stream: Writable, chunks: AsyncIterable<Buffer>, options: WriteOutputOptions) {
  if ('isTTY' in stream && stream.isTTY) {
    throw new KnownError('USAGE', `${options.flag} would write an archive to the terminal.`, {
      hint: 'Redirect standard output, or name a file.',
      exitCode: 2,
    });
  }
  await pump(chunks, stream, options.signal);
}

async function replaceFile(path: string, chunks: AsyncIterable<Buffer>, signal: AbortSignal): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = join(dirname(path), `.${basename(path).slice(0, 100)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    await pump(chunks, createWriteStream(temporary, { flags: 'wx' }), signal);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

async function pump(chunks: AsyncIterable<Buffer>, target: Writable, signal: AbortSignal): Promise<void> {
  const end = target instanceof WriteStream;
  try {
    await pipeline(Readable.from(chunks, { objectMode: true, highWaterMark: 1 }), target, { end, signal });
  } catch (error) {
    // The signal's own reason says more than that something was aborted.
    signal.throwIfAborted();
    throw error;
  }
}

/** A link to a file stays a link. */
function resolveLink(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return path;
    throw error;
  }
}
