import { type LentSecret, soughtValues } from './find-secret-leaks.ts';

const MASK = Buffer.from('***');
const NOTHING = Buffer.alloc(0);

/**
 * Takes the values of secrets out of a stream of output: `push` returns what may be shown, `end` what was still held back
 * because a value might have begun in it. As with leaks, only a value as it stands is found.
 */
export class OutputMask {
  readonly #values: readonly Buffer[];
  #held: Buffer = NOTHING;

  constructor(secrets: readonly LentSecret[]) {
    // Longer values first: one may begin with another.
    this.#values = soughtValues(secrets)
      .map(({ value }) => value)
      .sort((a, b) => b.length - a.length);
  }

  push(chunk: Buffer): Buffer {
    if (this.#values.length === 0) return chunk;
    const bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    const { shown, rest } = this.#mask(bytes, (left) => this.#beginning(left));
    this.#held = rest;
    return shown;
  }

  end(): Buffer {
    const { shown } = this.#mask(this.#held, (left) => left.length);
    this.#held = NOTHING;
    return shown;
  }

  /** `until` says how much of the bytes that are left can be decided about. */
  #mask(bytes: Buffer, until: (left: Buffer) => number): { readonly shown: Buffer; readonly rest: Buffer } {
    const parts: Buffer[] = [];
    for (let left = bytes; ; ) {
      const decided = until(left);
      const found = this.#find(left);
      if (!found || found.at >= decided)
        return { shown: Buffer.concat([...parts, left.subarray(0, decided)]), rest: left.subarray(decided) };
      parts.push(left.subarray(0, found.at), MASK);
      left = left.subarray(found.at + found.length);
    }
  }

  #find(bytes: Buffer): { readonly at: number; readonly length: number } | undefined {
    const found = this.#values.map((value) => ({ at: bytes.indexOf(value), length: value.length }));
    return found
      .filter(({ at }) => at >= 0)
      .reduce<(typeof found)[number] | undefined>(
        (first, each) => (first === undefined || each.at < first.at ? each : first),
        undefined,
      );
  }

  /** Where the first value begins that goes on behind the end; the end when none does. */
  #beginning(bytes: Buffer): number {
    const starts = this.#values.map((value) => {
      for (let at = Math.max(0, bytes.length - value.length + 1); ; at++) {
        at = bytes.indexOf(value[0] as number, at);
        if (at < 0) return bytes.length;
        if (value.subarray(0, bytes.length - at).equals(bytes.subarray(at))) return at;
      }
    });
    return Math.min(bytes.length, ...starts);
  }
}
