import fastStringWidth from 'fast-string-width';
import type { BuildEvent } from '../../build/progress/build-event.ts';
import type { Terminal } from '../terminal.ts';
import { clip } from './clip.ts';
import { formatDuration } from './duration.ts';
import type { ProgressRenderer } from './progress.ts';
import { formatSize } from './size.ts';
import { StepBoard, type StepState } from './step-state.ts';

const FRAME_MS = 80;
const SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const ASCII_SPINNER = ['|', '/', '-', '\\'];
/** Output lines shown under a running step. */
const TAIL_SHOWN = 6;
const BAR_WIDTH = 24;
/** On a wider terminal the eye would lose the line between a step and its time. */
const MAX_WIDTH = 140;

export interface TtyProgressOptions {
  readonly now: () => number;
  /** The line above the steps, once they are known. */
  readonly header: (plan: Extract<BuildEvent, { readonly type: 'plan' }>) => string;
}

/**
 * The live view: one line a step in the Dockerfile's order, running steps with their last lines, finished ones folded.
 * Steps that are settled from the top down are written once and for all; only what follows is redrawn, so that the
 * view works in any number of rows.
 */
export class TtyProgress implements ProgressRenderer {
  readonly #terminal: Terminal;
  readonly #now: () => number;
  readonly #header: TtyProgressOptions['header'];
  readonly #board = new StepBoard();
  readonly #timer: NodeJS.Timeout;
  /** Steps already written for good. */
  #settled = 0;
  /** Lines to be written above the steps, once. */
  #heading: readonly string[] = [];
  #live: readonly string[] = [];
  #frame = 0;

  constructor(terminal: Terminal, { now, header }: TtyProgressOptions) {
    this.#terminal = terminal;
    this.#now = now;
    this.#header = header;
    this.#timer = setInterval(() => this.#draw(), FRAME_MS);
    this.#timer.unref();
    terminal.write('\u001b[?25l');
  }

  event(event: BuildEvent): void {
    if (event.type === 'plan') this.#heading = [this.#header(event), ''];
    this.#board.apply(event);
  }

  finish(): void {
    clearInterval(this.#timer);
    this.#draw(true);
    this.#terminal.write('\u001b[?25h');
  }

  #draw(last = false): void {
    this.#frame++;
    const width = Math.min(MAX_WIDTH, Math.max(20, this.#terminal.columns()));
    const steps = this.#board.steps;
    let firstLive = this.#settled;
    while (firstLive < steps.length && isSettled(steps[firstLive])) firstLive++;
    const settled = steps.slice(this.#settled, firstLive).flatMap((step) => this.#stepLines(step, width));
    const rest = steps.slice(firstLive).filter((step) => !last || step.status !== 'waiting');
    const room = Math.max(3, this.#terminal.rows() - 2);
    const live = last ? rest.flatMap((step) => this.#stepLines(step, width)) : this.#fit(rest, { width, rows: room });
    this.#terminal.write(
      `${this.#erase()}${[...this.#heading, ...settled, ...live].map((line) => `${line}\n`).join('')}`,
    );
    this.#settled = firstLive;
    this.#live = live;
    this.#heading = [];
  }

  /** One escape to the start of the live lines and one that clears from there: redrawing does not flicker. */
  #erase(): string {
    // A terminal that became narrower meanwhile has wrapped the lines that were drawn.
    const width = Math.max(1, this.#terminal.columns());
    const rows = this.#live.reduce((sum, line) => sum + Math.max(1, Math.ceil(fastStringWidth(line) / width)), 0);
    return rows > 0 ? `\u001b[${Math.min(rows, this.#terminal.rows() - 1)}F\u001b[0J` : '\r\u001b[0J';
  }

  /** What runs stays in sight: first the tails give way, then the steps at the end that wait. */
  #fit(steps: readonly StepState[], { width, rows }: { readonly width: number; readonly rows: number }): string[] {
    for (const tailShown of [TAIL_SHOWN, 3, 1, 0]) {
      const lines = steps.flatMap((step) => this.#stepLines(step, width, tailShown));
      if (lines.length <= rows) return lines;
    }
    const lastBusy = steps.findLastIndex(({ status }) => status !== 'waiting');
    const kept = steps.slice(0, Math.max(lastBusy + 1, 1));
    const busy = kept.flatMap((step) => this.#stepLines(step, width, kept.length < rows / 2 ? 1 : 0));
    const room = Math.max(0, rows - 1 - busy.length);
    const waiting = steps.slice(kept.length, kept.length + room).flatMap((step) => this.#stepLines(step, width, 0));
    const left = steps.length - kept.length - waiting.length;
    const more = left > 0 ? [this.#terminal.colors.dim(`   and ${left} more`)] : [];
    return [...busy.slice(-(rows - 1)), ...waiting, ...more].slice(0, rows);
  }

  #stepLines(step: StepState, width: number, tailShown = TAIL_SHOWN): string[] {
    const { colors } = this.#terminal;
    const placeWidth = Math.min(this.#board.placeWidth, Math.floor(width / 3));
    const place = placeWidth === 0 ? '' : `${this.#clip(step.place, placeWidth).padEnd(placeWidth)}  `;
    const taken = Math.min(fastStringWidth(place + step.text), width >> 1);
    const outcome = this.#outcome(step);
    const cause = this.#clip(step.cause, Math.max(0, width - taken - fastStringWidth(outcome) - 8));
    const right = cause.length > 1 ? `${cause}  ${outcome}` : outcome;
    const room = width - fastStringWidth(right) - 4;
    const left = this.#clip(`${place}${step.text}`, room);
    const gap = ' '.repeat(Math.max(1, width - 3 - fastStringWidth(left) - fastStringWidth(right)));
    const tinted =
      step.status === 'waiting'
        ? colors.dim(left)
        : place && left.startsWith(place)
          ? colors.dim(place) + left.slice(place.length)
          : left;
    // Spaces at an end would become lines of their own when a terminal gets narrower.
    const end = right === '' ? '' : `${gap}${colors.dim(right)}`;
    return [` ${this.#mark(step)} ${tinted}${end}`, ...this.#details(step, width, tailShown)];
  }

  #mark(step: StepState): string {
    const { colors, unicode } = this.#terminal;
    const frames = unicode ? SPINNER : ASCII_SPINNER;
    switch (step.status) {
      case 'waiting':
        return colors.dim(unicode ? '·' : '.');
      case 'running':
        return colors.cyan(frames[this.#frame % frames.length] ?? '');
      case 'cached':
      case 'done':
        return colors.green(unicode ? '✓' : '+');
      case 'failed':
        return colors.red(unicode ? '✗' : 'x');
      case 'cancelled':
        return colors.yellow('-');
    }
  }

  #outcome(step: StepState): string {
    switch (step.status) {
      case 'waiting':
        return '';
      case 'cached':
        return step.isImported ? 'imported' : 'cached';
      case 'cancelled':
        return 'stopped';
      case 'running':
        return formatDuration(this.#now() - step.startedMs);
      case 'done':
      case 'failed':
        return formatDuration(step.endedMs - step.startedMs);
    }
  }

  #details(step: StepState, width: number, tailShown: number): string[] {
    const { colors, unicode } = this.#terminal;
    const bar = unicode ? '│' : '|';
    const note = step.note && step.status !== 'cached' ? [colors.dim(this.#clip(`   (${step.note})`, width - 1))] : [];
    if (step.status !== 'running') return note;
    const transfers = [...step.transfers.values()].filter(({ done }) => !done);
    const moved = transfers.map(
      ({ id, current, total }) => `${this.#clip(id, 24).padEnd(24)} ${this.#bar(current, total)}`,
    );
    const tail = [...step.tail, ...(step.current ? [step.current] : [])].map((line) => line.replaceAll('\t', '  '));
    const shown = tailShown === 0 ? [] : [...moved, ...tail].slice(-tailShown);
    return [...note, ...shown.map((line) => colors.dim(`   ${bar} ${this.#clip(line, width - 6)}`))];
  }

  #clip(text: string, width: number): string {
    return clip(text, width, this.#terminal);
  }

  #bar(current: number, total: number | undefined): string {
    if (!total) return formatSize(current);
    const filled = Math.min(BAR_WIDTH, Math.round((current / total) * BAR_WIDTH));
    const [on, off] = this.#terminal.unicode ? ['█', '░'] : ['#', '.'];
    return `${on.repeat(filled)}${off.repeat(BAR_WIDTH - filled)} ${formatSize(current)} / ${formatSize(total)}`;
  }
}

function isSettled(step: StepState | undefined): boolean {
  return step !== undefined && step.status !== 'waiting' && step.status !== 'running';
}
