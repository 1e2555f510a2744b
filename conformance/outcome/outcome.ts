import type { ShownTexts } from './shown-texts.ts';

/** What a builder made of a case, told by its difference from the base image so that any base will do. */
export type Outcome = BuiltOutcome | FailedOutcome;

export interface BuiltOutcome {
  readonly built: true;
  /** Sorted `Rule:line`; undefined where a builder has no checks. */
  readonly warnings?: readonly string[];
  /** The image config without times, history and layers; what the base has alike is left out. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly history: readonly HistoryLine[];
  /** Files that differ from the base's, one a line, sorted; `- /path` is gone. */
  readonly tree: readonly string[];
  /** The same for the entries of each layer; also finds what a layer repeats. */
  readonly layers: readonly (readonly string[])[];
  readonly shown?: ShownTexts;
}

export interface HistoryLine {
  readonly createdBy: string;
  readonly empty?: true;
  /** Left out where it is BuildKit's own. */
  readonly comment?: string;
  readonly author?: string;
}

export interface FailedOutcome {
  readonly built: false;
  readonly warnings?: readonly string[];
  /** Of the Dockerfile; undefined where the builder names none. */
  readonly line?: number;
  /** For people: never compared. */
  readonly message: string;
}
