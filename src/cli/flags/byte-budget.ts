import { usageError } from './csv-fields.ts';

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  k: 1e3,
  kb: 1e3,
  m: 1e6,
  mb: 1e6,
  g: 1e9,
  gb: 1e9,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
};

/** A size as Slipway shows sizes: `20MB` is 20 million bytes, `20MiB` has powers of 1024. @throws KnownError USAGE */
export function parseByteBudget(flag: string, text: string): number {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text.trim()) ?? [];
  const factor = UNITS[unit.toLowerCase()];
  if (number === undefined || factor === undefined)
    throw usageError(`${flag} ${JSON.stringify(text)} is no size.`, 'Write it as 20MB or 20MiB.');
  return Math.floor(Number(number) * factor);
}
