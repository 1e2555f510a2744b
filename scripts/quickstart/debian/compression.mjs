import { Readable } from 'node:stream';
import zlib from 'node:zlib';

/**
 * Decompresses by the suffix of a file's name: `.xz`, `.zst`, `.gz`, or none.
 * @param {AsyncIterable<Buffer> | Iterable<Buffer>} chunks
 * @param {string} name
 * @returns {AsyncIterable<Uint8Array>}
 */
export async function* decompress(chunks, name) {
  if (name.endsWith('.xz')) yield* unxz(chunks);
  else if (name.endsWith('.zst')) yield* unzstd(chunks);
  else if (name.endsWith('.gz')) yield* Readable.from(chunks).pipe(zlib.createGunzip());
  else yield* chunks;
}

async function* unxz(chunks) {
  // CommonJS, whose names Node.js cannot see.
  const { default: xz } = await import('xz-decompress');
  yield* new xz.XzReadableStream(Readable.toWeb(Readable.from(chunks)));
}

async function* unzstd(chunks) {
  if (zlib.createZstdDecompress) {
    yield* Readable.from(chunks).pipe(zlib.createZstdDecompress());
    return;
  }
  const { decompress: decompressZstd } = await import('fzstd');
  const whole = [];
  for await (const chunk of chunks) whole.push(chunk);
  yield decompressZstd(Buffer.concat(whole));
}
