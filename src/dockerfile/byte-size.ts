const POWERS = 'kmgtp';

/**
 * A size as docker writes it (`64m`, `1.5GiB`, `100 kb`, `4096`), powers of 1024, in bytes, or undefined when it is
 * none. Fractions of a byte are cut off, and above 2^53 the
 * number is rounded.
 */
export function parseByteSize(text: string): number | undefined {
  const match = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?) ?(?:b|([kmgtp])(?:i?b)?)?$/i.exec(text);
  if (!match) return undefined;
  const size = Number(match[1]);
  const power = match[2] === undefined ? 0 : POWERS.indexOf(match[2].toLowerCase()) + 1;
  const bytes = Math.trunc(size * 1024 ** power);
  return size >= 0 && bytes < 2 ** 63 ? bytes : undefined;
}
