export type FileType = 'file' | 'directory' | 'symlink' | 'char' | 'block' | 'fifo' | 'socket';

/** Which file on this machine an entry was made from, and by what its contents are known to be the same: as stat says. */
export interface FileIdentity {
  readonly device: bigint;
  readonly inode: bigint;
  readonly size: bigint;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
}

/** One file as the image should have it: what `lstat` says, corrected by what the tree knows better (owners). */
export interface FileEntry {
  /** Slash-separated path relative to the tree's root, without a leading slash; '' is the root itself. */
  readonly path: string;
  readonly type: FileType;
  /** Permission bits with setuid, setgid and sticky: 0o7777. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Bytes of a regular file; 0 for anything else. */
  readonly size: number;
  readonly mtimeNs: bigint;
  /** Target of a symlink, as written. */
  readonly linkTarget?: string;
  /** Of a char or block device. */
  readonly rdev?: { readonly major: number; readonly minor: number };
  /** Equal for names of one file (hard links), and only there; undefined when the file has one name. */
  readonly hardLink?: string;
  /** Where the bytes and xattrs of this entry can be read on this machine. */
  readonly hostPath: string;
  /**
   * Present where somebody may replace the file meanwhile (a build context): `openEntry` refuses another file than this
   * one. Absent where the tree cannot change (a snapshot).
   */
  readonly identity?: FileIdentity;
}

/**
 * A read-only tree of files, wherever it comes from: a build context, the chain of a snapshot. Synchronous, because a
 * walk in one go is several times faster than a promise a file. Paths are as in `FileEntry.path`; no method
 * follows a symlink in the last component, and none ever leaves the root (a symlink as a parent component is not
 * followed: such a path does not exist. `resolvePath` in this folder resolves symlinks over any tree).
 */
export interface FileTree {
  /** What the tree is called in messages: `the build context`, `stage "builder"`. */
  readonly name: string;
  /** undefined when nothing is there. */
  lstat(path: string): FileEntry | undefined;
  /** Names in a directory, sorted by code unit; empty when there is no such directory. */
  readdir(path: string): readonly string[];
  /** What `lstat` says of each name that `readdir` returns, in one go; for trees where that is much faster. */
  list?(path: string): readonly FileEntry[];
  /** Extended attributes that belong into an image; empty for most files. */
  xattrs(entry: FileEntry): ReadonlyMap<string, Buffer>;
}
