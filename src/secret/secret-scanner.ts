import { type AssignmentRule, matchSecrets } from './match-secrets.ts';
import type { SecretFinding } from './secret-finding.ts';

export interface SecretScannerOptions {
  /** For text; nothing in binary content is an assignment. `none` by default. */
  readonly assignments?: AssignmentRule;
  /** No more findings than this are kept; 100 by default. */
  readonly maxFindings?: number;
}

/** Longer than any secret that is looked for, so that each lies whole in one window. */
const OVERLAP_BYTES = 8 * 1024;
const WINDOW_BYTES = 256 * 1024;
const MAX_FINDINGS = 100;

/**
 * Looks for secrets in a stream of bytes, in memory that does not grow with it. Bytes are read as Latin-1, so that an offset is one of
 * bytes; known formats are ASCII. Write all chunks, then `finish` once.
 */
export class SecretScanner {
  readonly #assignments: AssignmentRule;
  readonly #maxFindings: number;
  readonly #found: SecretFinding[] = [];
  #pending: Buffer[] = [];
  #pendingBytes = 0;
  /** Offset of the first pending byte in the stream. */
  #offset = 0;
  #isText = true;
  #line = 1;
  #lineStart = 0;

  constructor({ assignments = 'none', maxFindings = MAX_FINDINGS }: SecretScannerOptions = {}) {
    this.#assignments = assignments;
    this.#maxFindings = maxFindings;
  }

  /** The chunk is kept until the next one is written: do not change it. */
  write(chunk: Buffer): void {
    if (this.#found.length >= this.#maxFindings) return;
    this.#pending.push(chunk);
    this.#pendingBytes += chunk.length;
    if (this.#pendingBytes >= WINDOW_BYTES) this.#scan(OVERLAP_BYTES);
  }

  /** Everything that was found, in order of place. */
  finish(): readonly SecretFinding[] {
    if (this.#found.length < this.#maxFindings) this.#scan(0);
    return this.#found;
  }

  /** Takes what begins before the last `overlap` bytes; the rest waits for what follows it. */
  #scan(overlap: number): void {
    const [only] = this.#pending;
    const window = this.#pending.length === 1 && only ? only : Buffer.concat(this.#pending);
    const end = Math.max(0, window.length - overlap);
    this.#isText &&= !window.includes(0);
    const assignments = this.#isText ? this.#assignments : 'none';
    for (const finding of matchSecrets(window.toString('latin1'), { assignments, end })) {
      if (this.#found.length >= this.#maxFindings) break;
      this.#add(finding, window);
    }
    if (this.#isText) this.#countLines(window, end);
    // A copy, so that a small rest holds no large chunk in memory.
    this.#pending = [Buffer.from(window.subarray(end))];
    this.#pendingBytes = window.length - end;
    this.#offset += end;
  }

  #add(finding: SecretFinding, window: Buffer): void {
    const offset = this.#offset + finding.offset;
    const last = this.#found.at(-1);
    // A secret that began before the rest of the last window is found again from its middle.
    if (last && offset < last.offset + last.length) return;
    if (this.#isText) this.#countLines(window, finding.offset);
    const position = this.#isText ? { line: this.#line, column: offset - this.#lineStart + 1 } : {};
    this.#found.push({ ...finding, offset, ...position });
  }

  /** Moves the line to that of an offset of the window, never back. */
  #countLines(window: Buffer, end: number): void {
    let at = Math.max(0, this.#lineStart - this.#offset);
    for (let next = window.indexOf(0x0a, at); next >= 0 && next < end; next = window.indexOf(0x0a, at)) {
      this.#line++;
      at = next + 1;
      this.#lineStart = this.#offset + at;
    }
  }
}
