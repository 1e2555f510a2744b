import type { BuildEvent, TransferProgress } from '../../build/progress/build-event.ts';
import { stripControl } from '../../diagnostics/redact.ts';
import { LineSplitter } from './line-splitter.ts';

export type StepStatus = 'waiting' | 'running' | 'cached' | 'done' | 'failed' | 'cancelled';

/** Last lines of output kept for a running step. */
const TAIL_LINES = 200;

/** What the live view knows of one step. */
export interface StepState {
  /** `builder 2/5` or '' where the name has no such part. */
  readonly place: string;
  /** `RUN go build`. */
  readonly text: string;
  status: StepStatus;
  startedMs: number;
  endedMs: number;
  /** Its result came from another store's cache. */
  isImported: boolean;
  note: string;
  /** Why it runs, for the first miss of a chain. */
  cause: string;
  readonly tail: string[];
  /** The line that is being written. */
  current: string;
  readonly lines: LineSplitter;
  readonly transfers: Map<string, TransferProgress>;
}

/** The steps of a build in the plan's order, brought up to date by events. */
export class StepBoard {
  readonly #steps = new Map<string, StepState>();

  get steps(): readonly StepState[] {
    return [...this.#steps.values()];
  }

  /** Columns that the longest place takes. */
  get placeWidth(): number {
    return Math.max(0, ...this.steps.map(({ place }) => place.length));
  }

  apply(event: BuildEvent): void {
    switch (event.type) {
      case 'plan':
        for (const { vertex, name } of event.vertices) this.#step(vertex, name);
        break;
      case 'vertex-started':
        Object.assign(this.#step(event.vertex, event.name), { status: 'running', startedMs: event.timeMs });
        break;
      case 'vertex-cached':
        this.#end(event, 'cached');
        this.#step(event.vertex, event.name).isImported = event.importedFrom !== undefined;
        break;
      case 'vertex-completed':
        this.#end(event, 'done');
        break;
      case 'vertex-failed':
        this.#end(event, 'failed');
        break;
      case 'vertex-cancelled':
        this.#end(event, 'cancelled');
        break;
      case 'log':
        this.#log(this.#steps.get(event.vertex), event.stream, event.chunk);
        break;
      case 'note':
        this.#note(this.#steps.get(event.vertex), event);
        break;
      case 'progress':
        this.#steps.get(event.vertex)?.transfers.set(event.transfer.id, event.transfer);
        break;
      case 'warning':
      case 'notice':
        break;
    }
  }

  #step(vertex: string, name: string): StepState {
    const known = this.#steps.get(vertex);
    if (known) return known;
    const [, place = '', text = name] = /^\[([^\]]+)\] (.*)$/s.exec(name) ?? [];
    const step: StepState = {
      place,
      text: shortenDigests(stripControl(text).replace(/\s+/g, ' ')),
      status: 'waiting',
      startedMs: 0,
      endedMs: 0,
      isImported: false,
      note: '',
      cause: '',
      tail: [],
      current: '',
      lines: new LineSplitter(),
      transfers: new Map(),
    };
    this.#steps.set(vertex, step);
    return step;
  }

  #end(event: { vertex: string; name: string; timeMs: number }, status: StepStatus): void {
    const step = this.#step(event.vertex, event.name);
    for (const line of step.lines.end()) step.tail.push(stripControl(line));
    Object.assign(step, { status, endedMs: event.timeMs, startedMs: step.startedMs || event.timeMs });
  }

  #log(step: StepState | undefined, stream: 'stdout' | 'stderr', chunk: Buffer): void {
    if (!step) return;
    for (const line of step.lines.push(stream, chunk)) step.tail.push(stripControl(line));
    step.current = stripControl(step.lines.current() ?? '');
    step.tail.splice(0, step.tail.length - TAIL_LINES);
  }

  #note(step: StepState | undefined, { text, isCause }: Extract<BuildEvent, { type: 'note' }>): void {
    if (step) step[isCause ? 'cause' : 'note'] = stripControl(text);
  }
}

/** A whole digest fills a line and tells nobody anything. */
function shortenDigests(text: string): string {
  return text.replace(/@sha256:([0-9a-f]{12})[0-9a-f]{52}/g, '@$1');
}
