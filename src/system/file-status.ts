import { loadLibc } from './libc.ts';

/** What lstat(2) says of a file, in the numbers of node:fs's BigIntStats. */
export interface FileStatus {
  readonly dev: bigint;
  readonly ino: bigint;
  readonly mode: number | bigint;
  readonly nlink: number | bigint;
  readonly rdev: bigint;
  readonly size: bigint;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
}

const AT_SYMLINK_NOFOLLOW = 0x100;
const STATX_BASIC_STATS = 0x7ff;
const STATX_BYTES = 256;
const NS_PER_S = 1_000_000_000n;

/**
 * Looks at files by their names in an opened directory, in a third of the time of node:fs, whose Stats come with eight dates
 * each. The reader answers undefined for whatever it cannot say: ask node:fs then. undefined where there is no statx(2);
 * worth its 8 ms from about a thousand files on.
 */
export function createStatusReader(): ((dirfd: number, name: string) => FileStatus | undefined) | undefined {
  const statx = loadLibc()?.statx;
  if (!statx) return undefined;
  // struct statx of linux/stat.h, which is the same on every machine.
  const buffer = Buffer.from(new ArrayBuffer(STATX_BYTES));
  const u16 = new Uint16Array(buffer.buffer);
  const u32 = new Uint32Array(buffer.buffer);
  const u64 = new BigUint64Array(buffer.buffer);
  const i64 = new BigInt64Array(buffer.buffer);
  let device = { major: -1, minor: -1, dev: 0n };
  const deviceOf = (major: number, minor: number): bigint => {
    if (device.major !== major || device.minor !== minor) device = { major, minor, dev: deviceNumber(major, minor) };
    return device.dev;
  };
  return (dirfd, name) => {
    if (statx(dirfd, name, AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS, buffer) !== 0) return undefined;
    return {
      dev: deviceOf(u32[34] as number, u32[35] as number),
      ino: u64[4] as bigint,
      mode: u16[14] as number,
      nlink: u32[4] as number,
      rdev: u32[32] === 0 && u32[33] === 0 ? 0n : deviceNumber(u32[32] as number, u32[33] as number),
      size: u64[5] as bigint,
      mtimeNs: (i64[14] as bigint) * NS_PER_S + BigInt(u32[30] as number),
      ctimeNs: (i64[12] as bigint) * NS_PER_S + BigInt(u32[26] as number),
    };
  };
}

/** As libc puts them together (gnu_dev_makedev). */
function deviceNumber(majorNumber: number, minorNumber: number): bigint {
  const [major, minor] = [BigInt(majorNumber), BigInt(minorNumber)];
  return ((major & ~0xfffn) << 32n) | ((major & 0xfffn) << 8n) | ((minor & ~0xffn) << 12n) | (minor & 0xffn);
}
