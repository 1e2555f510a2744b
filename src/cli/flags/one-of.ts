import { nearest } from '../../diagnostics/suggest.ts';
import { usageError } from './csv-fields.ts';

/** A value that a flag knows. @throws KnownError USAGE with the nearest one. */
export function oneOf<const T extends string>(flag: string, value: string, known: readonly T[]): T {
  const found = known.find((candidate) => candidate === value);
  if (found) return found;
  const meant = nearest(value, known);
  throw usageError(
    `${flag} ${JSON.stringify(value)} is not known.`,
    meant ? `Did you mean "${meant}"?` : `It is one of: ${known.join(', ')}.`,
  );
}
