import type { BuildEvent, TransferProgress } from '../../build/progress/build-event.ts';
import { stripControl } from '../../diagnostics/redact.ts';
import { formatDuration } from './duration.ts';
import { LineSplitter } from './line-splitter.ts';
import type { ProgressRenderer } from './progress.ts';
import { formatSize } from './size.ts';

interface VertexState {
  readonly number: number;
  readonly name: string;
  startedMs: number;
  readonly lines: LineSplitter;
  /** Transfers whose last line was printed. */
  readonly done: Set<string>;
}

/**
 * Lines in the form of BuildKit's plain progress (`#4 [builder 2/5] RUN …`, `#4 0.213 a line`, `#4 DONE 0.3s`), which
 * people's eyes and tools know. Lines of steps that run at once interleave; a step's heading is repeated when the
 * output comes back to it.
 */
export class PlainProgress implements ProgressRenderer {
  readonly #write: (text: string) => void;
  readonly #vertices = new Map<string, VertexState>();
  #current: VertexState | undefined;
  #isFinished = false;

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  event(event: BuildEvent): void {
    // Questions to a registry go on for a moment after the first that failed has ended the build.
    if (this.#isFinished) return;
    switch (event.type) {
      case 'plan':
        return;
      case 'vertex-started':
        this.#heading(this.#vertex(event, event.timeMs));
        return;
      case 'vertex-cached':
        this.#end(event, event.importedFrom ? `CACHED, imported from ${stripControl(event.importedFrom)}` : 'CACHED');
        return;
      case 'vertex-completed':
        this.#end(event, undefined);
        return;
      case 'vertex-cancelled':
        this.#end(event, 'CANCELED');
        return;
      case 'vertex-failed':
        this.#end(event, `ERROR: ${stripControl(event.message)}`);
        return;
      case 'log':
        this.#log(event);
        return;
      case 'note':
        this.#line(this.#known(event.vertex), `(${stripControl(event.text)})`);
        return;
      case 'progress':
        this.#progress(this.#known(event.vertex), event.transfer);
        return;
      case 'warning':
      case 'notice':
        return;
    }
  }

  finish(): void {
    for (const vertex of this.#vertices.values()) this.#flush(vertex);
    this.#isFinished = true;
  }

  #vertex({ vertex, name }: { vertex: string; name: string }, timeMs: number): VertexState {
    const known = this.#vertices.get(vertex);
    if (known) return known;
    const state = {
      number: this.#vertices.size + 1,
      name,
      startedMs: timeMs,
      lines: new LineSplitter(),
      done: new Set<string>(),
    };
    this.#vertices.set(vertex, state);
    return state;
  }

  #known(vertex: string): VertexState | undefined {
    return this.#vertices.get(vertex);
  }

  #heading(vertex: VertexState): void {
    if (this.#current === vertex) return;
    this.#write(`${this.#current ? '\n' : ''}#${vertex.number} ${stripControl(vertex.name)}\n`);
    this.#current = vertex;
  }

  #line(vertex: VertexState | undefined, text: string): void {
    if (!vertex) return;
    this.#heading(vertex);
    this.#write(`#${vertex.number} ${text}\n`);
  }

  #log(event: Extract<BuildEvent, { type: 'log' }>): void {
    const vertex = this.#known(event.vertex);
    if (!vertex) return;
    for (const line of vertex.lines.push(event.stream, event.chunk)) this.#logLine(vertex, event.timeMs, line);
  }

  #logLine(vertex: VertexState, timeMs: number, line: string): void {
    this.#line(vertex, `${((timeMs - vertex.startedMs) / 1000).toFixed(3)} ${stripControl(line)}`);
  }

  #progress(vertex: VertexState | undefined, transfer: TransferProgress): void {
    if (!vertex || !transfer.done || vertex.done.has(transfer.id)) return;
    vertex.done.add(transfer.id);
    const size = transfer.current > 0 ? ` ${formatSize(transfer.current)}` : '';
    this.#line(vertex, `${stripControl(transfer.id)}${size} done`);
  }

  #flush(vertex: VertexState): void {
    for (const line of vertex.lines.end()) this.#logLine(vertex, Date.now(), line);
  }

  #end(event: { vertex: string; name: string; timeMs: number }, outcome: string | undefined): void {
    const vertex = this.#vertex(event, event.timeMs);
    this.#flush(vertex);
    this.#line(vertex, outcome ?? `DONE ${formatDuration(event.timeMs - vertex.startedMs)}`);
  }
}
