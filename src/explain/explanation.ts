import type { BuildRecord, StepOutcome } from '../build/record/build-record.ts';
import type { Cause } from '../build/record/cause.ts';

/** One step of a build as it is told. */
export interface ExplainedStep {
  /** From 1, in the order of the build. */
  readonly number: number;
  /** `builder 2/5`; '' outside stages. */
  readonly place: string;
  /** `RUN go mod download`, as the Dockerfile has it where it does. */
  readonly text: string;
  readonly line?: number;
  readonly outcome: StepOutcome;
  /** Of a hit: the cache source that it was taken from, unless it ran on this machine. */
  readonly importedFrom?: string;
  /** What it took when it ran, in this build or in the one it was taken from. */
  readonly durationMs: number;
  readonly sizeBytes?: number;
  /** Numbers of the steps it builds on or reads from. */
  readonly inputs: readonly number[];
}

/** What would have kept steps in the cache, computed from what ran. */
export interface Advice {
  /** What to write, in the imperative. */
  readonly text: string;
  /** Of the Dockerfile. */
  readonly line?: number;
  /** Time of the steps that would have stayed cached. */
  readonly savedMs: number;
}

export interface ExplainedCause {
  /** The step in which it lies. */
  readonly step: number;
  /** One line for people, with its subject: `ARG VERSION: dev → v1.2`. */
  readonly text: string;
  readonly cause: Cause;
}

/** The first miss of a chain of steps, why it was one, and what followed. */
export interface ExplainedMiss {
  /** Numbers of the first steps that ran for this cause. */
  readonly steps: readonly number[];
  readonly causes: readonly ExplainedCause[];
  /** Numbers of the steps that had to run because of it, without the first ones. */
  readonly caused: readonly number[];
  /** Time of all of them, the first ones included. */
  readonly costMs: number;
  /** Bytes of the layers they made, where they are known. */
  readonly costBytes: number;
  readonly advice?: Advice;
  /** The earlier build whose step was compared. */
  readonly comparedWith?: string;
}

/** What became of a build's steps, and why. Plain data; `--format json` prints it. */
export interface Explanation {
  readonly build: Pick<BuildRecord, 'id' | 'startedMs' | 'endedMs' | 'options' | 'result' | 'error'>;
  readonly steps: readonly ExplainedStep[];
  readonly cached: number;
  readonly ran: number;
  readonly notNeeded: number;
  /** In order of their steps. */
  readonly misses: readonly ExplainedMiss[];
}
