import type { Digest } from '../../image/digest.ts';
import type { Platform } from '../../image/platform.ts';

/** A base image, resolved to a digest before the graph is made. No inputs. */
export interface ImageOp {
  readonly kind: 'image';
  /** Normalised: registry/repository:tag@digest. */
  readonly reference: string;
  /** Of the manifest for the platform; the key of everything above it. */
  readonly manifestDigest: Digest;
  readonly platform: Platform;
}

/** Files from outside: the build context or a named one. No inputs. Its files are read only where an op selects them. */
export interface ContextOp {
  readonly kind: 'context';
  /** `context` for the main one, otherwise the name of --build-context. */
  readonly name: string;
}

/** A file or repository fetched from elsewhere (ADD of a URL or a git reference). No inputs; the output is a root with the file in it. */
export interface FetchOp {
  readonly kind: 'fetch';
  readonly source:
    | { readonly type: 'http'; readonly url: string; readonly checksum?: Digest; readonly fileName: string }
    | {
        readonly type: 'git';
        readonly remote: string;
        readonly ref?: string;
        readonly subdir?: string;
        readonly keepGitDir: boolean;
        /** false: submodules are left out (`?submodules=false`). */
        readonly submodules?: boolean;
        readonly checksum?: string;
      };
}

/** Where a path comes from in a copy: an input of the vertex by index, or text from the Dockerfile (a heredoc). */
export type CopySource =
  | {
      readonly type: 'path';
      /** Index into the vertex's inputs. */
      readonly input: number;
      /** Expanded, absolute and clean (`/`, `/go.mod`), not yet matched (wildcards as in Go's filepath.Match). */
      readonly pattern: string;
      /** `auto`: unpacked when the content is an archive, as ADD does and as --unpack asks for a download. */
      readonly unpack: 'auto' | 'always' | 'never';
      /** As written its `..` lead out of the root, where they end. */
      readonly leavesRoot?: boolean;
      /** The pattern is a path: no wildcards in it (what a fetch left). */
      readonly literal?: boolean;
      /** --parents: what is taken below `pattern` (the pivot), with its parents from there on; matched as in .dockerignore. */
      readonly include?: string;
    }
  | { readonly type: 'inline'; readonly fileName: string; readonly content: string };

/**
 * Copies into a root filesystem: input 0 is the root (absent when `onScratch`), the others are sources.
 * COPY and ADD; `onScratch` is the first half of COPY --link.
 */
export interface CopyOp {
  readonly kind: 'copy';
  readonly onScratch: boolean;
  readonly sources: readonly CopySource[];
  /** Absolute; a trailing slash means a directory. */
  readonly destination: string;
  /** As written (names or numbers), to be resolved in the root; undefined keeps 0:0. */
  readonly chown?: string;
  /** Octal or symbolic, as written. */
  readonly chmod?: string;
  /** Keep each source's parents below the destination (--parents). */
  readonly parents: boolean;
  readonly exclude: readonly string[];
  /** SOURCE_DATE_EPOCH: times later than this many seconds are clamped to it. */
  readonly epochSeconds?: number;
}

/** Makes a directory and its parents (WORKDIR). Input 0 is the root; absent for scratch. */
export interface MkdirOp {
  readonly kind: 'mkdir';
  readonly path: string;
  /** Of the directories it makes; numeric or names. */
  readonly user?: string;
  readonly epochSeconds?: number;
}

/** Mounts of RUN. `input` indexes the vertex's inputs. */
export type RunMount =
  | {
      readonly type: 'bind';
      readonly input: number;
      readonly source: string;
      readonly target: string;
      readonly readWrite: boolean;
    }
  | {
      readonly type: 'cache';
      readonly id: string;
      readonly sharing: 'shared' | 'private' | 'locked';
      readonly target: string;
      readonly readOnly: boolean;
      /** Seeds a new cache: an input and a folder in it. */
      readonly from?: { readonly input: number; readonly source: string };
      readonly mode?: number;
      readonly uid?: number;
      readonly gid?: number;
    }
  | { readonly type: 'tmpfs'; readonly target: string; readonly sizeBytes?: number }
  | {
      readonly type: 'secret';
      readonly id: string;
      /** A file, an environment variable, or both. */
      readonly target?: string;
      readonly env?: string;
      readonly required: boolean;
      readonly mode: number;
      readonly uid: number;
      readonly gid: number;
    }
  | {
      readonly type: 'ssh';
      readonly id: string;
      readonly target: string;
      readonly required: boolean;
      readonly mode: number;
      readonly uid: number;
      readonly gid: number;
    };

/** RUN. Input 0 is the root (absent when the stage is still scratch and `onScratch`), the others are what mounts need. */
export interface ExecOp {
  readonly kind: 'exec';
  readonly onScratch: boolean;
  readonly argv: readonly string[];
  /** `NAME=value`, sorted by first definition, build args included. */
  readonly env: readonly string[];
  /** Names whose values take no part in the key (proxy arguments). */
  readonly envOutsideKey: readonly string[];
  readonly cwd: string;
  /** As written in USER; resolved in the root when it runs. '' is root. */
  readonly user: string;
  readonly mounts: readonly RunMount[];
  readonly network: 'default' | 'host' | 'none';
  readonly security: 'sandbox' | 'insecure';
  readonly hostname?: string;
  readonly extraHosts: readonly { readonly name: string; readonly address: string }[];
  readonly shmSizeBytes?: number;
  readonly ulimits: readonly { readonly name: string; readonly soft: number; readonly hard: number }[];
  readonly platform: Platform;
  /** Text of heredocs that become the script or files of the step (path → content), mounted read-only while it runs. */
  readonly files: readonly { readonly path: string; readonly content: string; readonly mode: number }[];
}

/** The difference of input 1 on top of input 0 (the second half of COPY --link). With one input: on scratch. */
export interface MergeOp {
  readonly kind: 'merge';
}

export type Op = ImageOp | ContextOp | FetchOp | CopyOp | MkdirOp | ExecOp | MergeOp;
export type OpKind = Op['kind'];
