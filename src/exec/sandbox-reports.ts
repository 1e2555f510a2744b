const WORD = 'slipway:';

/** What programs that make a sandbox say about it: lines `slipway:<word>`, and complaints. */
export class SandboxReports {
  readonly #onWord: (word: string) => void;
  readonly #lines: string[] = [];
  #rest = '';

  constructor(onWord: (word: string) => void) {
    this.#onWord = onWord;
  }

  push(chunk: Buffer): void {
    const parts = (this.#rest + chunk.toString('latin1')).split('\n');
    this.#rest = parts.pop() ?? '';
    for (const line of parts) {
      if (line.startsWith(WORD)) this.#onWord(line.slice(WORD.length));
      else this.#lines.push(line);
    }
  }

  /** Everything but the words. */
  get complaints(): string {
    return [...this.#lines, this.#rest].join('\n').trim();
  }
}
