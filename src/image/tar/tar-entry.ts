import type { TarHeader } from './tar-header.ts';

/** A member as `readTar` finds it: its header, and its content for as long as it is the current one. */
export interface TarEntry extends TarHeader {
  /**
   * The content, once, `size` bytes in all; empty for all but regular files. Whatever of it was not read is skipped
   * when the next entry is asked for. The chunks may be kept. Throws when the archive ends too early.
   */
  readonly body: AsyncIterable<Buffer>;
  /**
   * The whole content at once when all of it is in memory already, which makes small files cheap; otherwise undefined
   * and nothing has been read.
   */
  takeBuffered(): Buffer | undefined;
}
