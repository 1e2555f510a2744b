import { pipeline, Readable, type Transform } from 'node:stream';

/**
 * What a transform makes of a source; an error of either ends both and goes through `translate`. Leaving the loop early
 * closes the source.
 */
export async function* transformStream(
  source: AsyncIterable<Buffer>,
  transform: Transform,
  translate: (error: unknown) => unknown,
): AsyncGenerator<Buffer> {
  const input = Readable.from(source, { objectMode: true, highWaterMark: 1 });
  pipeline(input, transform, () => undefined);
  try {
    for await (const chunk of transform) yield chunk;
  } catch (error) {
    throw translate(error);
  } finally {
    input.destroy();
  }
}
