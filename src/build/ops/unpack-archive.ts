import { closeSync, read } from 'node:fs';
import { promisify } from 'node:util';
import type { FileEntry } from '../../context/file-tree.ts';
import { assertUnchanged, openEntry } from '../../context/open-entry.ts';
import { KnownError } from '../../diagnostics/known-error.ts';
import { decompressDetected } from '../../image/compression/decompress.ts';
import { readTar } from '../../image/tar/read-tar.ts';
import type { TarEntry } from '../../image/tar/tar-entry.ts';
import type { CopyDestination } from './copy-destination.ts';

const CHUNK_BYTES = 1 << 20;

const readAsync = promisify(read);

/**
 * Unpacks a file into the destination when its content is an archive, as ADD does; false when it is none.
 * @throws KnownError ARCHIVE_INVALID, CONTEXT_CHANGED.
 */
export function unpackArchive(source: FileEntry, destination: CopyDestination, signal: AbortSignal): Promise<boolean> {
  const name = JSON.stringify(source.path);
  return withArchive(source, (members) => destination.unpack(members, { name, signal }));
}

/**
 * Hands the members of an archive to `use`; false when the file is none. What counts is the content, not the name: an
 * archive is what begins, once decompressed, with the header of a member.
 * @throws KnownError ARCHIVE_INVALID for one that begins well and does not go on so; CONTEXT_CHANGED.
 */
export async function withArchive(
  source: FileEntry,
  use: (members: AsyncIterable<TarEntry>) => Promise<void>,
): Promise<boolean> {
  if (source.size === 0) return false;
  const fd = openEntry(source);
  try {
    const members = await openArchive(readFile(fd), JSON.stringify(source.path));
    if (!members) return false;
    await use(members);
    assertUnchanged(source, fd);
    return true;
  } finally {
    closeSync(fd);
  }
}

/** The members of an archive, compressed or not; undefined when the bytes are none. An empty archive is none either. */
async function openArchive(bytes: AsyncIterable<Buffer>, name: string): Promise<AsyncIterable<TarEntry> | undefined> {
  const entries = readTar(decompressDetected(bytes, { name }), { name });
  try {
    const first = await entries.next();
    return first.done ? undefined : startingWith(first.value, entries);
  } catch (error) {
    if (error instanceof KnownError && error.code === 'ARCHIVE_INVALID') return undefined;
    throw error;
  }
}

async function* startingWith(first: TarEntry, rest: AsyncGenerator<TarEntry>): AsyncGenerator<TarEntry> {
  try {
    yield first;
    yield* rest;
  } finally {
    await rest.return(undefined);
  }
}

async function* readFile(fd: number): AsyncGenerator<Buffer> {
  for (;;) {
    const buffer = Buffer.allocUnsafeSlow(CHUNK_BYTES);
    const { bytesRead } = await readAsync(fd, buffer, 0, CHUNK_BYTES, null);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}
