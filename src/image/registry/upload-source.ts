/** The stream to be uploaded failed, not the exchange; the cause is its own error. */
export class UploadSourceError extends Error {
  constructor(cause: unknown) {
    super('the stream to be uploaded failed', { cause });
    this.name = 'UploadSourceError';
  }
}

/** Remembers how a stream failed, since what the HTTP library makes of it looks like a failed connection. */
export class UploadSource implements AsyncIterable<Uint8Array> {
  readonly #chunks: AsyncIterable<Uint8Array>;
  #failure: UploadSourceError | undefined;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks;
  }

  get failure(): UploadSourceError | undefined {
    return this.#failure;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, void> {
    try {
      yield* this.#chunks;
    } catch (error) {
      this.#failure = new UploadSourceError(error);
      throw this.#failure;
    }
  }
}
