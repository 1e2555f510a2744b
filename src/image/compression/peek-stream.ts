export interface Peeked {
  /** The first bytes: as many as were asked for, fewer when the stream is shorter. */
  readonly head: Buffer;
  /** The whole stream, the head included; to be read once. */
  readonly stream: AsyncIterable<Buffer>;
}

/** Looks at the start of a stream. Leaving the returned stream early closes the source. */
export async function peekStream(source: AsyncIterable<Buffer>, bytes: number): Promise<Peeked> {
  const iterator = source[Symbol.asyncIterator]();
  let head: Buffer = Buffer.alloc(0);
  while (head.length < bytes) {
    const { done, value } = await iterator.next();
    if (done) break;
    head = head.length === 0 ? value : Buffer.concat([head, value]);
  }
  return { head: head.subarray(0, bytes), stream: resume(head, iterator) };
}

async function* resume(head: Buffer, iterator: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  try {
    if (head.length > 0) yield head;
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
  } finally {
    await iterator.return?.();
  }
}
