/** The data is not bzip2, is damaged or ends too early. */
export class Bzip2Error extends Error {}

/** Reads bits, most significant first, from bytes in memory. */
export class Bzip2Bits {
  readonly #bytes: Buffer;
  #at = 0;
  #bits = 0;
  #count = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** Up to 24 bits as a number. */
  read(count: number): number {
    while (this.#count < count) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) throw new Bzip2Error('cut short');
      this.#bits = ((this.#bits << 8) | byte) >>> 0;
      this.#count += 8;
    }
    this.#count -= count;
    // At most 24 bits are wanted and 7 were left, so that 31 bits are enough.
    return (this.#bits >>> this.#count) & ((1 << count) - 1);
  }

  readFlag(): boolean {
    return this.read(1) === 1;
  }

  /** 48 bits, exact as a number. */
  read48(): number {
    return this.read(24) * 2 ** 24 + this.read(24);
  }

  read32(): number {
    return this.read(16) * 2 ** 16 + this.read(16);
  }

  /** Drops what is left of the current byte. */
  align(): void {
    this.#count -= this.#count % 8;
  }

  /** Bits read so far. */
  get position(): number {
    return this.#at * 8 - this.#count;
  }

  set position(bits: number) {
    this.#at = Math.floor(bits / 8);
    this.#count = 0;
    this.#bits = 0;
    if (bits % 8 > 0) this.read(bits % 8);
  }
}
