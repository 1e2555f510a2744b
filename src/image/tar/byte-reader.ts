const EMPTY = Buffer.alloc(0);

/** Reads a stream of chunks by amounts the reader chooses, without copying what lies in one chunk. */
export class ByteReader {
  readonly #source: AsyncIterator<Buffer>;
  #chunk: Buffer = EMPTY;
  #ended = false;

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** The next `size` bytes if they are in memory in one piece, at once. */
  takeBuffered(size: number): Buffer | undefined {
    return this.#chunk.length >= size ? this.#take(size) : undefined;
  }

  /** The next `size` bytes, or all that is left when the stream ends before: for sizes that fit in memory. */
  async read(size: number): Promise<Buffer> {
    const buffered = this.takeBuffered(size);
    if (buffered) return buffered;
    const parts: Buffer[] = [];
    for (let left = size; left > 0; ) {
      const part = await this.readSome(left);
      if (!part) break;
      parts.push(part);
      left -= part.length;
    }
    return Buffer.concat(parts);
  }

  /** Between 1 and `max` bytes as they come; undefined at the end of the stream. */
  async readSome(max: number): Promise<Buffer | undefined> {
    while (this.#chunk.length === 0) {
      if (this.#ended) return undefined;
      const { done, value } = await this.#source.next();
      if (done) this.#ended = true;
      else this.#chunk = value;
    }
    return this.#take(Math.min(max, this.#chunk.length));
  }

  /** The number of bytes that were there to be skipped. */
  async skip(size: number): Promise<number> {
    let left = size;
    while (left > 0) {
      const part = await this.readSome(left);
      if (!part) break;
      left -= part.length;
    }
    return size - left;
  }

  /** Reads to the end, so that checks at the end of the source happen. */
  async drain(): Promise<void> {
    while (await this.readSome(Number.MAX_SAFE_INTEGER));
  }

  /** Tells the source that nothing more is wanted. */
  async close(): Promise<void> {
    if (!this.#ended) await this.#source.return?.();
    this.#ended = true;
    this.#chunk = EMPTY;
  }

  #take(size: number): Buffer {
    const taken = this.#chunk.subarray(0, size);
    this.#chunk = this.#chunk.subarray(size);
    return taken;
  }
}
