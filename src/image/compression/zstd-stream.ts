import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import zlib from 'node:zlib';
import { KnownError, systemErrorCode } from '../../diagnostics/known-error.ts';
import { transformStream } from './transform-stream.ts';

export interface ZstdOptions {
  /** 1 (fast) to 22 (small); 3 is zstd's own default and ours. */
  readonly level?: number | undefined;
}

const DEFAULT_LEVEL = 3;

/**
 * One zstd frame, by node:zlib where it can (since Node.js 22.15), else by the program zstd.
 * @throws KnownError USAGE where there is neither
 */
export async function* zstdStream(
  source: AsyncIterable<Buffer>,
  { level = DEFAULT_LEVEL }: ZstdOptions = {},
): AsyncGenerator<Buffer> {
  const { createZstdCompress, constants } = zlib as unknown as {
    createZstdCompress?: (options: object) => Transform;
    constants: Readonly<Record<string, number>>;
  };
  if (!createZstdCompress) {
    yield* zstdProgram(source, level);
    return;
  }
  const params = { [constants.ZSTD_c_compressionLevel ?? 0]: level, [constants.ZSTD_c_checksumFlag ?? 0]: 1 };
  yield* transformStream(source, createZstdCompress({ chunkSize: 1024 * 1024, params }), (error) => error);
}

/** One thread, since the bytes must not depend on the machine's cores. */
async function* zstdProgram(source: AsyncIterable<Buffer>, level: number): AsyncGenerator<Buffer> {
  const flags = [level > 19 ? ['--ultra'] : [], `-${level}`, '--quiet', '--stdout', '--single-thread'].flat();
  const child = spawn('zstd', flags, { stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    await once(child, 'spawn');
  } catch (error) {
    throw systemErrorCode(error) === 'ENOENT' ? noZstd() : error;
  }
  const ended = once(child, 'close');
  const fed = pipeline(Readable.from(source, { objectMode: true, highWaterMark: 1 }), child.stdin);
  // Whoever awaits it below sees the failure; a failed source ends the output early.
  fed.catch(() => child.kill('SIGKILL'));
  try {
    for await (const chunk of child.stdout) yield chunk as Buffer;
    await fed;
    const [code] = await ended;
    if (code !== 0) throw new Error(`zstd ended with ${code}`);
  } finally {
    child.kill('SIGKILL');
  }
}

function noZstd(): KnownError {
  return new KnownError('USAGE', 'zstd compression needs Node.js 22.15 or newer, or the program zstd.', {
    hint: 'Install zstd, or take compression=gzip.',
    exitCode: 2,
  });
}
