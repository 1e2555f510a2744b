import type { Readable } from 'node:stream';
import { KnownError } from '../../diagnostics/known-error.ts';

/** Unpacks an archive, compressed or not, into an empty folder; implemented over image/tar. */
export type UnpackArchive = (archive: AsyncIterable<Uint8Array>, dir: string, signal: AbortSignal) => Promise<void>;

export interface ContextStreamOptions {
  /** Empty; an archive's files are put there. */
  readonly dir: string;
  readonly unpack: UnpackArchive;
  readonly signal: AbortSignal;
}

/** What came over a pipe or the network in place of a directory. */
export type ContextStream = { readonly kind: 'archive' } | { readonly kind: 'dockerfile'; readonly text: string };

/** A Dockerfile that is larger than this is none. */
const MAX_DOCKERFILE_BYTES = 16 * 1024 * 1024;
const TAR_BLOCK = 512;

/**
 * Reads a build context from a stream: an archive is unpacked, anything else is a Dockerfile without a context.
 * BuildKit applies no .dockerignore to an archive and keeps the owners that it names.
 * @throws KnownError CONTEXT_FETCH_FAILED, whatever `unpack` throws, the signal's reason.
 */
export async function readContextStream(
  stream: Readable | AsyncIterable<Uint8Array>,
  options: ContextStreamOptions,
): Promise<ContextStream> {
  const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  const head = await readHead(chunks);
  if (isArchive(head)) {
    await options.unpack(rest(head, chunks), options.dir, options.signal);
    return { kind: 'archive' };
  }
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of rest(head, chunks)) {
    options.signal.throwIfAborted();
    size += chunk.length;
    if (size > MAX_DOCKERFILE_BYTES) throw neither(size);
    parts.push(chunk);
  }
  if (size === 0) throw new KnownError('CONTEXT_FETCH_FAILED', 'The build context is empty: nothing came in.');
  return { kind: 'dockerfile', text: Buffer.concat(parts).toString() };
}

async function readHead(chunks: AsyncIterator<Uint8Array>): Promise<Buffer> {
  let head = Buffer.alloc(0);
  while (head.length < TAR_BLOCK) {
    const { done, value } = await chunks.next();
    if (done) break;
    head = Buffer.concat([head, value]);
  }
  return head;
}

async function* rest(head: Buffer, chunks: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield head;
    for (let step = await chunks.next(); !step.done; step = await chunks.next()) yield step.value;
  } finally {
    await chunks.return?.();
  }
}

const MAGIC: readonly Buffer[] = [
  Buffer.from('BZh'),
  Buffer.from([0x1f, 0x8b, 0x08]),
  Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]),
  // zstd, which BuildKit does not take here.
  Buffer.from([0x28, 0xb5, 0x2f, 0xfd]),
];

/** Whether bytes begin a compressed file or a tar archive; 512 bytes are enough. */
export function isArchive(head: Buffer): boolean {
  return MAGIC.some((magic) => head.subarray(0, magic.length).equals(magic)) || isTarHeader(head);
}

/** POSIX pax, "ustar Interchange Format": the sum of the header's bytes, its own field read as spaces. */
function isTarHeader(head: Buffer): boolean {
  if (head.length < TAR_BLOCK || head[0] === 0) return false;
  const written = Number.parseInt(head.toString('latin1', 148, 156), 8);
  let sum = 0;
  for (let at = 0; at < TAR_BLOCK; at++) sum += at >= 148 && at < 156 ? 0x20 : (head[at] as number);
  return sum === written;
}

function neither(size: number): KnownError {
  return new KnownError('CONTEXT_FETCH_FAILED', `What came in is no archive, and no Dockerfile has ${size} bytes.`, {
    hint: 'Pipe a tar archive (plain, gzip, bzip2, xz or zstd) or a Dockerfile.',
  });
}
