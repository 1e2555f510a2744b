import { readSync } from 'node:fs';

/** The bytes of a file in any order, wherever they are. */
export interface ByteSource {
  readonly size: number;
  /** Exactly `length` bytes. @throws RangeError when the file ends before */
  read(position: number, length: number): Buffer;
}

/** Tables of programs are smaller; what claims more lies. */
const MOST_BYTES = 512 * 1024 * 1024;

export function bufferSource(bytes: Buffer): ByteSource {
  return {
    size: bytes.length,
    read(position, length) {
      checkRange(position, length, bytes.length);
      return bytes.subarray(position, position + length);
    },
  };
}

/** Of an open file; who opened it closes it. */
export function fileSource(fd: number, size: number): ByteSource {
  return {
    size,
    read(position, length) {
      checkRange(position, length, size);
      const bytes = Buffer.allocUnsafe(length);
      for (let read = 0; read < length; ) {
        const count = readSync(fd, bytes, read, length - read, position + read);
        if (count === 0) throw new RangeError('the file ends early');
        read += count;
      }
      return bytes;
    },
  };
}

function checkRange(position: number, length: number, size: number): void {
  const isWithin = Number.isSafeInteger(position) && position >= 0 && length >= 0 && position + length <= size;
  if (!isWithin || length > MOST_BYTES) throw new RangeError('outside of the file');
}
