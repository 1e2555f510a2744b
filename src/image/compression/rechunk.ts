/**
 * The same bytes in chunks of exactly `size`, but for the last one; a chunk that is large enough already is not
 * copied.
 */
export async function* rechunk(source: AsyncIterable<Buffer> | Iterable<Buffer>, size: number): AsyncGenerator<Buffer> {
  let parts: Buffer[] = [];
  let length = 0;
  for await (const chunk of source) {
    let rest = chunk;
    while (length + rest.length >= size) {
      const head = rest.subarray(0, size - length);
      yield parts.length === 0 ? head : Buffer.concat([...parts, head], size);
      rest = rest.subarray(head.length);
      parts = [];
      length = 0;
    }
    if (rest.length > 0) parts.push(rest);
    length += rest.length;
  }
  if (length > 0) yield parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts, length);
}
