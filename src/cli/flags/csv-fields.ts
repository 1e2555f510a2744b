import { KnownError } from '../../diagnostics/known-error.ts';
import { nearest } from '../../diagnostics/suggest.ts';

/**
 * Splits a flag's value such as `type=oci,dest=x.tar` into its fields, as docker does (CSV: a field may be quoted).
 * A field without `=` has the value ''.
 */
export function csvFields(value: string): readonly (readonly [name: string, value: string])[] {
  return splitCsv(value).map((field) => {
    const equals = field.indexOf('=');
    return equals < 0 ? [field.trim(), ''] : [field.slice(0, equals).trim().toLowerCase(), field.slice(equals + 1)];
  });
}

function splitCsv(value: string): string[] {
  const fields: string[] = [];
  let field = '';
  let quoted = false;
  for (const char of value) {
    if (char === '"') quoted = !quoted;
    else if (char === ',' && !quoted) {
      fields.push(field);
      field = '';
    } else field += char;
  }
  return [...fields, field];
}

/** The error for a field that a flag does not have. */
export function unknownField(flag: string, name: string, known: readonly string[]): KnownError {
  const meant = nearest(name, known);
  return usageError(
    `${flag} has no field "${name}".`,
    meant ? `Did you mean "${meant}"?` : `It has: ${known.join(', ')}.`,
  );
}

export function usageError(message: string, hint?: string): KnownError {
  return new KnownError('USAGE', message, { hint, exitCode: 2 });
}
