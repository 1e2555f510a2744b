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

/**
 * The live view: one line a step in the Dockerfile's order, running steps with their last lines, finished ones folded.
 * Steps that are settled from the top down are written once and for all; only what follows is redrawn, so that the
 * view works in any number of rows.
 */
export class TtyProgress implements ProgressRenderer {
  readonly #terminal: Terminal;
  readonly #now: () => number;
  readonly #board = new StepBoard();
  readonly #timer: NodeJS.Timeout;
  /** Steps already written for good. */
  #settled = 0;
  #liveLines = 0;
  #frame = 0;

  constructor(terminal: Terminal, now: () => number) {
    this.#terminal = terminal;
    this.#now = now;
    this.#timer = setInterval(() => this.#draw(), FRAME_MS);
    this.#timer.unref();
    terminal.write('\u001b[?25l');
  }

  event(event: BuildEvent): void {
    this.#board.apply(event);
  }

  finish(): void {
    clearInterval(this.#timer);
    this.#draw(true);
    this.#terminal.write('\u001b[?25h');
  }

  #draw(last = false): void {
    this.#frame++;
    const width = Math.max(20, this.#terminal.columns());
    const steps = this.#board.steps;
    let firstLive = this.#settled;
    while (firstLive < steps.length && isSettled(steps[firstLive])) firstLive++;
    const settled = steps.slice(this.#settled, firstLive).flatMap((step) => this.#stepLines(step, width));
    const rest = steps.slice(firstLive).filter((step) => !last || step.status !== 'waiting');
    const room = Math.max(3, this.#terminal.rows() - 2);
    const live = last
      ? rest.flatMap((step) => this.#stepLines(step, width))
      : fit(
          rest.map((step) => this.#stepLines(step, width)),
          room,
        );
    this.#terminal.write(`${this.#erase()}${[...settled, ...live].map((line) => `${line}\n`).join('')}`);
    this.#settled = firstLive;
    this.#liveLines = live.length;
  }

  /** One escape to the start of the live lines and one that clears from there: redrawing does not flicker. */
  #erase(): string {
    return this.#liveLines > 0 ? `\u001b[${this.#liveLines}F\u001b[0J` : '\r\u001b[0J';
  }

  #stepLines(step: StepState, width: number): string[] {
    const { colors } = this.#terminal;
    const place = `${step.place.padEnd(Math.min(this.#board.placeWidth, width >> 2))}  `;
    const taken = Math.min(fastStringWidth(place + step.text), width >> 1);
    const outcome = this.#outcome(step);
    const cause = clip(step.cause, Math.max(0, width - taken - fastStringWidth(outcome) - 8));
    const right = cause.length > 1 ? `${cause}  ${outcome}` : outcome;
    const room = width - fastStringWidth(right) - 4;
    const left = clip(`${place}${step.text}`, room);
    const gap = ' '.repeat(Math.max(1, width - 3 - fastStringWidth(left) - fastStringWidth(right)));
    const tinted =
      step.status === 'waiting'
        ? colors.dim(left)
        : place && left.startsWith(place)
          ? colors.dim(place) + left.slice(place.length)
          : left;
    return [` ${this.#mark(step)} ${tinted}${gap}${colors.dim(right)}`, ...this.#details(step, width)];
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
        return 'cached';
      case 'cancelled':
        return 'stopped';
      case 'running':
        return formatDuration(this.#now() - step.startedMs);
      case 'done':
      case 'failed':
        return formatDuration(step.endedMs - step.startedMs);
    }
  }

  #details(step: StepState, width: number): string[] {
    const { colors, unicode } = this.#terminal;
    const bar = unicode ? '│' : '|';
    const note = step.note && step.status !== 'cached' ? [colors.dim(clip(`   (${step.note})`, width - 1))] : [];
    if (step.status !== 'running') return note;
    const transfers = [...step.transfers.values()].filter(({ done }) => !done).slice(-TAIL_SHOWN);
    const moved = transfers.map(({ id, current, total }) => `${clip(id, 24).padEnd(24)} ${this.#bar(current, total)}`);
    const tail = step.tail.slice(-TAIL_SHOWN).map((line) => line.replaceAll('\t', '  '));
    return [...note, ...[...moved, ...tail].map((line) => colors.dim(`   ${bar} ${clip(line, width - 6)}`))];
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

/** As many whole steps as fit, running ones first to stay: waiting steps at the end give way. */
function fit(steps: readonly (readonly string[])[], rows: number): string[] {
  const lines: string[] = [];
  for (const step of steps) {
    if (lines.length + step.length > rows) return [...lines, ...step].slice(0, rows);
    lines.push(...step);
  }
  return lines;
}
