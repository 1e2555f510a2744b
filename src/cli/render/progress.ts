import type { BuildEvent } from '../../build/progress/build-event.ts';

/** Turns a build's events into what one kind of reader wants. Events of one build only. */
export interface ProgressRenderer {
  event(event: BuildEvent): void;
  /** Shows what is left and gives the terminal back. Called once, after the last event, also when the build failed. */
  finish(): void;
}

/** `quiet` leaves the result, `none` nothing. */
export const PROGRESS_KINDS = ['auto', 'tty', 'plain', 'rawjson', 'quiet', 'none'] as const;
export type ProgressKind = (typeof PROGRESS_KINDS)[number];
