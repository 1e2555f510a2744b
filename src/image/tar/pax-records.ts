const SPACE = 0x20;
const NEWLINE = 0x0a;
const EQUALS = 0x3d;
const DIGIT_ZERO = 0x30;
/** A record's length has at most as many digits as the largest header we read. */
const MAX_LENGTH_DIGITS = 10;

export interface PaxRecord {
  readonly key: string;
  /** Bytes: xattr values are binary. */
  readonly value: Buffer;
}

/** Records in the given order. Format: POSIX.1-2008 pax, "pax Extended Header": `length key=value newline`. */
export function encodePaxRecords(records: readonly PaxRecord[]): Buffer {
  const parts: Buffer[] = [];
  for (const { key, value } of records) {
    const rest = Buffer.byteLength(key) + value.length + 3;
    parts.push(Buffer.from(`${recordLength(rest)} ${key}=`), value, Buffer.from('\n'));
  }
  return Buffer.concat(parts);
}

/** The length counts its own digits, so that adding them may need one digit more. */
function recordLength(rest: number): number {
  const length = rest + String(rest).length;
  return String(length).length > String(rest).length ? rest + String(length).length : length;
}

/** The records in order, keys repeated as they are; undefined when the text is not of that form. */
export function decodePaxRecords(bytes: Buffer): PaxRecord[] | undefined {
  const records: PaxRecord[] = [];
  let start = 0;
  while (start < bytes.length) {
    const space = bytes.indexOf(SPACE, start);
    const length = space < 0 ? undefined : decimal(bytes, start, space);
    if (length === undefined) return undefined;
    const end = start + length;
    const equals = bytes.indexOf(EQUALS, space + 1);
    if (end > bytes.length || equals < 0 || equals >= end - 1 || equals === space + 1) return undefined;
    if (bytes[end - 1] !== NEWLINE) return undefined;
    records.push({
      key: bytes.toString('utf8', space + 1, equals),
      value: bytes.subarray(equals + 1, end - 1),
    });
    start = end;
  }
  return records;
}

function decimal(bytes: Buffer, start: number, end: number): number | undefined {
  if (end === start || end - start > MAX_LENGTH_DIGITS) return undefined;
  let value = 0;
  for (let i = start; i < end; i++) {
    const digit = (bytes[i] ?? 0) - DIGIT_ZERO;
    if (digit < 0 || digit > 9) return undefined;
    value = value * 10 + digit;
  }
  return value;
}

const NS_PER_S = 1_000_000_000n;
const PAX_TIME = /^(-?)(\d{1,18})(?:\.(\d*))?$/;

/** Seconds with as many decimals as are needed. */
export function formatPaxTime(timeNs: bigint): string {
  const magnitude = timeNs < 0n ? -timeNs : timeNs;
  const seconds = `${timeNs < 0n ? '-' : ''}${magnitude / NS_PER_S}`;
  const fraction = magnitude % NS_PER_S;
  return fraction === 0n ? seconds : `${seconds}.${String(fraction).padStart(9, '0').replace(/0+$/, '')}`;
}

/** Nanoseconds, further decimals cut off; undefined when the text is no time. */
export function parsePaxTime(text: string): bigint | undefined {
  const match = PAX_TIME.exec(text);
  if (!match) return undefined;
  const [, sign = '', seconds = '', fraction = ''] = match;
  const magnitude = BigInt(seconds) * NS_PER_S + BigInt(fraction.slice(0, 9).padEnd(9, '0'));
  return sign ? -magnitude : magnitude;
}
