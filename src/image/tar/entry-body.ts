import type { ByteReader } from './byte-reader.ts';
import { expandSparse, type SparseMap } from './sparse-map.ts';
import { paddedSize } from './tar-header.ts';

const EMPTY = Buffer.alloc(0);

/** The stored content of the current member, with its padding. */
export class EntryBody implements AsyncIterable<Buffer> {
  readonly #reader: ByteReader;
  readonly #truncated: () => Error;
  readonly #sparse: SparseMap | undefined;
  readonly #padding: number;
  #left: number;
  #started = false;
  #finished = false;

  constructor(reader: ByteReader, size: number, options: { sparse?: SparseMap | undefined; truncated: () => Error }) {
    this.#reader = reader;
    this.#left = size;
    this.#padding = paddedSize(size) - size;
    this.#sparse = options.sparse;
    this.#truncated = options.truncated;
  }

  takeBuffered(): Buffer | undefined {
    if (this.#started || this.#finished || this.#sparse) return undefined;
    if (this.#left === 0) return EMPTY;
    const bytes = this.#reader.takeBuffered(this.#left);
    if (bytes) this.#left = 0;
    return bytes;
  }

  [Symbol.asyncIterator](): AsyncIterator<Buffer> {
    if (this.#finished) throw new Error('a tar entry was read after the next one was asked for');
    this.#started = true;
    const stored = (length: number) => this.#stored(length);
    return this.#sparse ? expandSparse(this.#sparse, stored) : stored(this.#left);
  }

  /** True when nothing had to be waited for. */
  finishBuffered(): boolean {
    this.#finished = true;
    return this.#left === 0 && (this.#padding === 0 || this.#reader.takeBuffered(this.#padding) !== undefined);
  }

  /** Skips what was not read; afterwards the reader is at the next header. */
  async finish(): Promise<void> {
    this.#finished = true;
    const rest = this.#left + this.#padding;
    this.#left = 0;
    if ((await this.#reader.skip(rest)) < rest) throw this.#truncated();
  }

  async *#stored(length: number): AsyncGenerator<Buffer> {
    for (let wanted = length; wanted > 0; ) {
      if (this.#finished) throw new Error('a tar entry was read after the next one was asked for');
      const chunk = await this.#reader.readSome(Math.min(wanted, this.#left));
      if (!chunk) throw this.#truncated();
      wanted -= chunk.length;
      this.#left -= chunk.length;
      yield chunk;
    }
  }
}
