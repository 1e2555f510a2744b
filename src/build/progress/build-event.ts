import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Digest } from '../../image/digest.ts';

/** Bytes (or files) moved within a vertex: a download, an unpacking, an export. */
export interface TransferProgress {
  /** Unique in its vertex, such as the layer's digest or `exporting layers`. */
  readonly id: string;
  readonly current: number;
  /** undefined while it is not known. */
  readonly total: number | undefined;
  readonly done: boolean;
}

/**
 * What a build says while it goes on; `cli/render` turns it into a terminal, plain text or JSON lines. `timeMs` is
 * milliseconds since the epoch. A vertex is started at most once and ends with exactly one of cached, completed,
 * failed, cancelled. Only when a cache source broke in the middle of a build, what was cached may start after all.
 */
export type BuildEvent =
  | {
      readonly type: 'plan';
      readonly timeMs: number;
      /** In the order of the Dockerfile. */
      readonly vertices: readonly PlannedVertex[];
      /** What the image starts from, as people write it; `scratch` for nothing. */
      readonly base?: string;
      readonly platform?: string;
    }
  | { readonly type: 'vertex-started'; readonly timeMs: number; readonly vertex: Digest; readonly name: string }
  | {
      readonly type: 'vertex-cached';
      readonly timeMs: number;
      readonly vertex: Digest;
      readonly name: string;
      /** The cache source it was taken from, unless it ran on this machine. */
      readonly importedFrom?: string | undefined;
    }
  | { readonly type: 'vertex-completed'; readonly timeMs: number; readonly vertex: Digest; readonly name: string }
  | {
      readonly type: 'vertex-failed';
      readonly timeMs: number;
      readonly vertex: Digest;
      readonly name: string;
      readonly message: string;
    }
  | { readonly type: 'vertex-cancelled'; readonly timeMs: number; readonly vertex: Digest; readonly name: string }
  | {
      readonly type: 'log';
      readonly timeMs: number;
      readonly vertex: Digest;
      readonly stream: 'stdout' | 'stderr';
      readonly chunk: Buffer;
    }
  /** A sentence about a vertex for people (`Go build cache: this project's`), or the cause of a miss. */
  | {
      readonly type: 'note';
      readonly timeMs: number;
      readonly vertex: Digest;
      readonly text: string;
      /** It says why the step runs. */
      readonly isCause?: boolean;
    }
  | { readonly type: 'progress'; readonly timeMs: number; readonly vertex: Digest; readonly transfer: TransferProgress }
  | { readonly type: 'warning'; readonly timeMs: number; readonly diagnostic: Diagnostic }
  /** A sentence about the build as a whole that people must see: a cache source that cannot be used. */
  | { readonly type: 'notice'; readonly timeMs: number; readonly text: string };

export interface PlannedVertex {
  readonly vertex: Digest;
  readonly name: string;
  readonly stage: string | undefined;
}

export type EmitBuildEvent = (event: BuildEvent) => void;
