/** A file, directory or link that a case needs; paths are relative to its context, `../x` lies beside it. */
export type CaseFile = CaseRegularFile | CaseDirectory | CaseLink | CaseArchive | CaseDevice;

interface CaseEntry {
  readonly path: string;
  /** Permission bits; 0644 for files and 0755 for directories unless told. */
  readonly mode?: number;
  /** Seconds since the epoch; a fixed time in the past unless told. */
  readonly mtime?: number;
  /** Names and values of extended attributes. */
  readonly xattrs?: Readonly<Record<string, string>>;
}

export interface CaseRegularFile extends CaseEntry {
  readonly type: 'file';
  readonly content: Buffer;
}

export interface CaseDirectory extends CaseEntry {
  readonly type: 'directory';
}

export interface CaseLink extends CaseEntry {
  readonly type: 'symlink' | 'hardlink';
  readonly target: string;
}

/** A tar of a directory of the case, compressed or not. */
export interface CaseArchive extends CaseEntry {
  readonly type: 'archive';
  readonly of: string;
  readonly compression: ArchiveCompression;
  /** `uid:gid` of all entries. */
  readonly owner: string;
}

export interface CaseDevice extends CaseEntry {
  readonly type: 'fifo';
}

export const ARCHIVE_COMPRESSIONS = ['tar', 'tgz', 'tbz2', 'txz', 'tzst'] as const;
export type ArchiveCompression = (typeof ARCHIVE_COMPRESSIONS)[number];

/** One question to a builder: a Dockerfile, its files and its flags. */
export interface ConformanceCase {
  readonly group: string;
  readonly name: string;
  /** Flags in the words of `docker buildx build`; `$DIR` stands for the case's directory. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** What is built: a path below the case's directory, `-` for stdin, a URL. */
  readonly context: string;
  /** A file of the case that is fed to the builder. */
  readonly stdin: string | undefined;
  readonly files: readonly CaseFile[];
  /** Why Slipway does not do what BuildKit does here; such a case does not fail the run. */
  readonly differs: string | undefined;
  /** Why Slipway cannot do it as an ordinary user. */
  readonly unprivileged: string | undefined;
  /** Part of the fast sample of the integration tests: needs no lab, no network. */
  readonly isSample: boolean;
  /** What the runner offers while this case is built. */
  readonly needs: readonly CaseNeed[];
}

/** `http`: `$HTTP` serves the case's directory, `git`: `$GIT` serves its directories as repositories, `agent`: `$AGENT`. */
export const CASE_NEEDS = ['http', 'git', 'agent'] as const;
export type CaseNeed = (typeof CASE_NEEDS)[number];
