import type { Transfer } from '../../distribution/transfer.ts';
import type { Terminal } from '../terminal.ts';
import { formatDuration } from './duration.ts';
import { shortId } from './image-names.ts';
import { formatSize } from './size.ts';

/** How one command calls what it does to a blob. */
export interface TransferWords {
  /** `Pulling`. */
  readonly doing: string;
  /** `Pull complete`. */
  readonly done: string;
  /** `Already exists`: nothing had to be moved. */
  readonly present: string;
}

const REFRESH_MS = 100;

/**
 * Shows blobs on their way: on a terminal one line with bytes, rate and time left, elsewhere a line for each that
 * is done, in docker's words.
 */
export class TransferView {
  readonly #terminal: Terminal;
  readonly #words: TransferWords;
  readonly #transfers = new Map<string, Transfer>();
  readonly #startMs = Date.now();
  #drawnMs = 0;
  #isDrawn = false;

  constructor(terminal: Terminal, words: TransferWords) {
    this.#terminal = terminal;
    this.#words = words;
  }

  transfer(transfer: Transfer): void {
    const before = this.#transfers.get(transfer.id);
    this.#transfers.set(transfer.id, transfer);
    const isBlob = transfer.id.startsWith('sha256:');
    if (isBlob && transfer.done && !before?.done) this.line(`${shortId(transfer.id)}: ${this.#doneWord(transfer)}`);
    else if (this.#terminal.isTerminal && Date.now() - this.#drawnMs >= REFRESH_MS) this.#draw();
  }

  /** A line that stays. */
  line(text: string): void {
    this.#clear();
    this.#terminal.write(`${text}\n`);
  }

  /** Gives the terminal back; may be called again. */
  finish(): void {
    this.#clear();
  }

  #doneWord({ skipped }: Transfer): string {
    if (skipped === 'present') return this.#words.present;
    return skipped === 'mounted' ? 'Mounted' : this.#words.done;
  }

  #draw(): void {
    this.#drawnMs = Date.now();
    this.#isDrawn = true;
    const text = this.#status().slice(0, this.#terminal.columns() - 1);
    this.#terminal.write(`\r\u001b[K${text}`);
  }

  #clear(): void {
    if (this.#isDrawn) this.#terminal.write('\r\u001b[K');
    this.#isDrawn = false;
  }

  #status(): string {
    const all = [...this.#transfers.values()];
    const current = all.reduce((sum, each) => sum + each.current, 0);
    const total = all.reduce((sum, each) => sum + Math.max(each.total ?? 0, each.current), 0);
    const seconds = (Date.now() - this.#startMs) / 1000;
    const rate = seconds > 0 ? current / seconds : 0;
    const left = rate > 0 && total > current ? `, ${formatDuration(((total - current) / rate) * 1000)} left` : '';
    return `${this.#words.doing} ${formatSize(current)} of ${formatSize(total)}, ${formatSize(Math.round(rate))}/s${left}`;
  }
}
