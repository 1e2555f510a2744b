/**
 * Remembers the sha256 of files that were read, so that a file nobody touched is not read again. A file is known by
 * device, inode, size, mtime and ctime; ctime cannot be set by a program, so a change that leaves all five as they
 * were takes a write within the clock's grain of the first one, and files that young are not remembered.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writeFileAtomic } from '../system/write-file-atomic.ts';
import type { FileIdentity } from './file-tree.ts';

export interface FileDigestsOptions {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/**
 * Opens what is remembered of the files of one tree, in a file of its own under `folder` (`<store>/cache/files`).
 * A missing or damaged file counts as empty.
 */
export function openFileDigests(folder: string, tree: string, options: FileDigestsOptions): FileDigests {
  const name = createHash('sha256').update(tree).digest('hex').slice(0, 32);
  return new FileDigests(join(folder, name), options);
}

/** For files that cannot be remembered: everything is read each time. */
export function forgetfulFileDigests(options: FileDigestsOptions): FileDigests {
  return new FileDigests(undefined, options);
}

const MAGIC = Buffer.from('slipway files 1\n');
const HEADER_BYTES = MAGIC.length + 32;
/** Words of 64 bits a record: the fingerprint, the day of the last use, the digest. */
const WORDS = 10;
const DAY = 5;
const DIGEST = 6;
/** Which of a word's halves is the lower one on this machine. */
const LOW_HALF = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 0 : 1;
const MS_PER_DAY = 86_400_000;
/** A record that nobody asked for in so many days is dropped. */
const KEPT_DAYS = 14n;
/** The kernel stamps times by a clock that ticks every 1 to 10 ms. */
const CLOCK_GRAIN_NS = 20_000_000n;
/** FAT, ext3 and some network file systems keep times in steps of up to two seconds. */
const COARSE_GRAIN_NS = 2_000_000_000n;
const NS_PER_SECOND = 1_000_000_000n;

export class FileDigests {
  readonly #path: string | undefined;
  readonly #now: () => number;
  readonly #today: bigint;
  #words: BigUint64Array;
  /** The same memory. */
  #bytes: Buffer;
  #halves: Uint32Array;
  #count = 0;
  /** Open addressing by inode: record number + 1, 0 where empty. */
  #slots: Int32Array;
  #changed = false;

  constructor(path: string | undefined, options: FileDigestsOptions) {
    this.#path = path;
    this.#now = options.now;
    this.#today = BigInt(Math.floor(options.now() / MS_PER_DAY));
    this.#words = path === undefined ? new BigUint64Array(0) : load(path);
    this.#bytes = Buffer.from(this.#words.buffer);
    this.#halves = new Uint32Array(this.#words.buffer);
    this.#slots = new Int32Array(0);
    this.#count = this.#words.length / WORDS;
    this.#index();
  }

  /** Records at hand, used or not. */
  get size(): number {
    return this.#count;
  }

  /** Hex digits, or undefined when this file, as it is now, was not read before. */
  get(file: FileIdentity): string | undefined {
    const record = this.#find(file);
    if (record < 0 || !this.#matches(record, file)) return undefined;
    const words = this.#words;
    const at = record * WORDS;
    if (words[at + DAY] !== this.#today) {
      words[at + DAY] = this.#today;
      this.#changed = true;
    }
    return this.#bytes.toString('hex', (at + DIGEST) * 8, (at + WORDS) * 8);
  }

  /** Takes a digest of a file whose reading began at `readMs`; one that was too young then is not kept. */
  set(file: FileIdentity, digest: string, readMs: number): void {
    if (this.#path === undefined || isRacy(file, readMs)) return;
    let record = this.#find(file);
    if (record < 0) record = this.#append(file);
    const at = record * WORDS;
    this.#words.set([file.device, file.inode, file.size, file.mtimeNs, file.ctimeNs, this.#today], at);
    this.#bytes.write(digest, (at + DIGEST) * 8, 'hex');
    this.#changed = true;
  }

  /** Milliseconds since the epoch, for `set`. */
  now(): number {
    return this.#now();
  }

  /** Writes what changed, atomically; of two processes that save at once the later one wins, at the cost of reading again. */
  save(): void {
    if (!this.#changed || this.#path === undefined) return;
    const body = this.#kept();
    const header = Buffer.concat([MAGIC, createHash('sha256').update(body).digest()]);
    mkdirSync(dirname(this.#path), { recursive: true });
    writeFileAtomic(this.#path, Buffer.concat([header, body]), { durable: false });
    this.#changed = false;
  }

  #kept(): Uint8Array {
    const words = new BigUint64Array(this.#count * WORDS);
    let end = 0;
    for (let at = 0; at < this.#count * WORDS; at += WORDS) {
      if ((this.#words[at + DAY] as bigint) + KEPT_DAYS < this.#today) continue;
      words.set(this.#words.subarray(at, at + WORDS), end);
      end += WORDS;
    }
    return new Uint8Array(words.buffer, 0, end * 8);
  }

  /** The record of this inode, current or outdated; -1 when there is none. */
  #find(file: FileIdentity): number {
    const mask = this.#slots.length - 1;
    for (
      let slot = hashOf(Number(BigInt.asUintN(32, file.inode))) & mask;
      this.#slots[slot] !== 0;
      slot = (slot + 1) & mask
    ) {
      const record = (this.#slots[slot] as number) - 1;
      const at = record * WORDS;
      if (this.#words[at + 1] === file.inode && this.#words[at] === file.device) return record;
    }
    return -1;
  }

  #matches(record: number, file: FileIdentity): boolean {
    const words = this.#words;
    const at = record * WORDS;
    return words[at + 2] === file.size && words[at + 3] === file.mtimeNs && words[at + 4] === file.ctimeNs;
  }

  #append(file: FileIdentity): number {
    const record = this.#count++;
    if (this.#count * WORDS > this.#words.length) {
      const grown = new BigUint64Array(Math.max(1024, this.#count * 2) * WORDS);
      grown.set(this.#words);
      this.#words = grown;
      this.#bytes = Buffer.from(grown.buffer);
      this.#halves = new Uint32Array(grown.buffer);
    }
    this.#words[record * WORDS] = file.device;
    this.#words[record * WORDS + 1] = file.inode;
    if (this.#count * 2 > this.#slots.length) this.#index();
    else this.#place(record);
    return record;
  }

  #index(): void {
    let capacity = 1024;
    while (capacity < this.#count * 4) capacity *= 2;
    this.#slots = new Int32Array(capacity);
    for (let record = 0; record < this.#count; record++) this.#place(record);
  }

  #place(record: number): void {
    const mask = this.#slots.length - 1;
    let slot = hashOf(this.#halves[(record * WORDS + 1) * 2 + LOW_HALF] as number) & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = record + 1;
  }
}

/** Inode numbers come in runs; a multiplication spreads them over the table. */
function hashOf(lowInode: number): number {
  return Math.imul(lowInode, 0x9e3779b1) >>> 7;
}

function isRacy(file: FileIdentity, readMs: number): boolean {
  const newest = file.ctimeNs > file.mtimeNs ? file.ctimeNs : file.mtimeNs;
  const grain = newest % NS_PER_SECOND === 0n ? COARSE_GRAIN_NS : CLOCK_GRAIN_NS;
  return newest + grain > BigInt(Math.floor(readMs)) * 1_000_000n;
}

function load(path: string): BigUint64Array {
  let file: Buffer;
  try {
    file = readFileSync(path);
  } catch {
    // Whatever keeps it from being read, the files themselves can be read instead.
    return new BigUint64Array(0);
  }
  const body = file.subarray(HEADER_BYTES);
  const isWhole =
    body.length % (WORDS * 8) === 0 &&
    file.subarray(0, MAGIC.length).equals(MAGIC) &&
    file.subarray(MAGIC.length, HEADER_BYTES).equals(createHash('sha256').update(body).digest());
  // A copy of its own: the words must be aligned.
  return isWhole ? new BigUint64Array(new Uint8Array(body).buffer) : new BigUint64Array(0);
}
