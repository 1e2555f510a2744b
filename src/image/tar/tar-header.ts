export type TarEntryType = 'file' | 'directory' | 'symlink' | 'link' | 'char' | 'block' | 'fifo';

/**
 * One member of a tar archive without its content. What comes out of `readTar` is as written in the archive: paths may
 * be absolute, hold `..` or name a hostile place; whoever unpacks confines them.
 */
export interface TarHeader {
  /** Slash-separated, as written; directories may or may not end in a slash. */
  readonly path: string;
  readonly type: TarEntryType;
  /** Permission bits with setuid, setgid and sticky: 0o7777. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Bytes of content: of a regular file as it is unpacked, holes included; 0 for every other type. */
  readonly size: number;
  readonly mtimeNs: bigint;
  /** Target of a symlink as written, or the path of the member a hard link is another name of. */
  readonly linkTarget?: string;
  /** Of a char or block device. */
  readonly rdev?: { readonly major: number; readonly minor: number };
  /** Extended attributes by name; values are bytes. */
  readonly xattrs?: ReadonlyMap<string, Buffer>;
}

/** A tar archive is a sequence of blocks of this many bytes; content is padded to a whole block. */
export const BLOCK_BYTES = 512;

/** Bytes from the start of a content of `size` bytes to the next header. Correct up to 2^53. */
export function paddedSize(size: number): number {
  return Math.ceil(size / BLOCK_BYTES) * BLOCK_BYTES;
}
