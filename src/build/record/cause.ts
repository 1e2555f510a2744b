import type { StepOutcome } from './build-record.ts';

/** What happened to one file that a step takes in. */
export interface FileChange {
  readonly path: string;
  readonly kind: 'added' | 'removed' | 'changed' | 'renamed' | 'mode' | 'owner' | 'type' | 'target';
  /** The path it had (renamed), or the mode, owner or type. */
  readonly before?: string;
  readonly after?: string;
  readonly sizeDeltaBytes: number;
}

/** Why a step was not taken from the cache. Plain data; `causeText` has the words. */
export type Cause =
  /** Files that the step takes from a context, a stage or an image are others. */
  | {
      readonly kind: 'files';
      /** What the step does with them. */
      readonly use: 'copy' | 'bind';
      /** Where a bind mount takes them from. */
      readonly source?: string;
      /** Of directories only those that are new or gone without files. Empty when no manifest was kept. */
      readonly changes: readonly FileChange[];
      /** Files selected, directories not counted. */
      readonly fileCount: number;
    }
  /** undefined: it was not there. */
  | {
      readonly kind: 'variable';
      readonly declaredBy: 'ARG' | 'ENV' | 'base';
      readonly name: string;
      readonly before: string | undefined;
      readonly after: string | undefined;
    }
  | { readonly kind: 'base'; readonly before: BaseIdentity; readonly after: BaseIdentity }
  /** A part of the instruction or of what it inherits, in the Dockerfile's or the command line's words. */
  | { readonly kind: 'setting'; readonly name: string; readonly before: string; readonly after: string }
  | { readonly kind: 'instruction'; readonly before: string; readonly after: string }
  | { readonly kind: 'heredoc' }
  /** Another step stands before this one: the one that did was removed, or the two changed places. */
  | { readonly kind: 'predecessor'; readonly before: string; readonly removed: boolean }
  /** What a URL or repository of ADD has to give. */
  | { readonly kind: 'download'; readonly source: string }
  /** The same key was built earlier, and its result is gone. */
  | { readonly kind: 'pruned' }
  | { readonly kind: 'no-cache' }
  /** The same key was tried, without a result. */
  | { readonly kind: 'unfinished'; readonly outcome: StepOutcome }
  | { readonly kind: 'new-instruction' }
  | { readonly kind: 'never-built' }
  /** Another place among the inputs, another number of them: nothing with a better name. */
  | { readonly kind: 'inputs' };

export interface BaseIdentity {
  /** Familiar: `golang:1.26`. */
  readonly name: string;
  readonly digest: string;
  readonly platform: string;
}
