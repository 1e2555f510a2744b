/** A file, directory or link that a case needs; paths are relative to its context, `../x` lies beside it. */
export type CaseFile = CaseRegularFile | CaseDirectory | CaseLink | CaseArchive | CaseTar | CaseDevice;

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

/** A tar of entries that need not be on any disk, nor agree with each other. */
export interface CaseTar extends CaseEntry {
  readonly type: 'tar';
  readonly entries: readonly CaseTarEntry[];
  readonly compression: ArchiveCompression;
}

export interface CaseTarEntry {
  /** A letter of `fdlhcbp` or the type flag of a tar header. */
  readonly kind: string;
  /** As the header has it: absolute, with `..`, whatever. */
  readonly path: string;
  /** Of links. */
  readonly target: string;
  readonly content: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly mtime: number;
  readonly device: string;
  /** Further PAX records, such as `SCHILY.xattr.user.x`. */
  readonly pax: Readonly<Record<string, string>>;
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
  /** What is asked to be written: an OCI archive unless told. */
  readonly output: CaseOutput;
  /** Attributes of that output, such as `name=x`. */
  readonly outputAttributes: string;
  /** Compared besides, as texts: `stdout`, a file of the case's directory, `MEMBER of image`. */
  readonly shows: readonly string[];
  /** Needs BuildKit's labs frontend, which the registry of the lab does not have by itself. */
  readonly isLabs: boolean;
  /** Why Slipway does not do what BuildKit does here; such a case does not fail the run. */
  readonly differs: string | undefined;
  /** Why Slipway cannot do it as an ordinary user. */
  readonly unprivileged: string | undefined;
  /** Part of the fast sample of the integration tests: needs no lab, no network. */
  readonly isSample: boolean;
  /** What the runner offers while this case is built. */
  readonly needs: readonly CaseNeed[];
}

export const CASE_OUTPUTS = ['oci', 'docker', 'tar', 'local', 'none'] as const;
export type CaseOutput = (typeof CASE_OUTPUTS)[number];

/** `http`: `$HTTP` serves the case's directory, `git`: `$GIT` serves its directories as repositories, `agent`: `$AGENT`. */
export const CASE_NEEDS = ['http', 'git', 'agent'] as const;
export type CaseNeed = (typeof CASE_NEEDS)[number];
