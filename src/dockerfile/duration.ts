const UNITS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  '\u00b5s': 1e3,
  '\u03bcs': 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};
const MAX = 2n ** 63n - 1n;

/**
 * A duration as Go's time.ParseDuration reads it (`1h15m30.918s`, `-1.5h`, `0`), in nanoseconds, or undefined when it
 * is none or does not fit 64 bits. Above 2^53 ns (104 days) the number is rounded.
 */
export function parseDuration(text: string): number | undefined {
  const sign = text.startsWith('-') ? -1 : 1;
  const body = text.replace(/^[+-]/, '');
  if (body === '0') return 0;
  const part = /(\d*)(?:\.(\d*))?(ns|us|\u00b5s|\u03bcs|ms|s|m|h)/y;
  let total = 0n;
  while (part.lastIndex < body.length) {
    const [, whole = '', fraction = '', unit = ''] = part.exec(body) ?? [];
    if (whole === '' && fraction === '') return undefined;
    total += nanoseconds(whole, fraction, UNITS[unit] ?? 0);
    if (total > MAX) return undefined;
  }
  return body === '' ? undefined : sign * Number(total);
}

function nanoseconds(whole: string, fraction: string, unit: number): bigint {
  // Eighteen digits are more than nanoseconds can show, and keep hostile input short.
  const digits = fraction.slice(0, 18);
  const part = digits === '' ? 0 : Math.trunc((Number(digits) / 10 ** digits.length) * unit);
  const units = whole.length > 30 ? MAX : BigInt(whole || '0');
  return units * BigInt(unit) + BigInt(part);
}
