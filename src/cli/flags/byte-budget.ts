import { parseBytes } from '../../audit/parse-bytes.ts';
import { usageError } from './csv-fields.ts';

/** A size such as `20MB`. @throws KnownError USAGE */
export function parseByteBudget(flag: string, text: string): number {
  const bytes = parseBytes(text);
  if (bytes === undefined)
    throw usageError(`${flag} ${JSON.stringify(text)} is no size.`, 'Write it as 20MB or 20MiB.');
  return bytes;
}
