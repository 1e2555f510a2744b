import { KnownError } from '../diagnostics/known-error.ts';
import type { SourceRange } from '../diagnostics/source-range.ts';

/**
 * The fields of one line of comma-separated values: a field may stand between double quotes, where a doubled quote
 * means one. Throws DOCKERFILE_SYNTAX for an empty text and for quotes anywhere else.
 */
export function csvFields(text: string, range: SourceRange | undefined): readonly string[] {
  const line = text.replace(/\r?\n$/, '');
  if (line === '') throw new KnownError('DOCKERFILE_SYNTAX', 'The value is empty.', { range });
  const fields: string[] = [];
  const field = /"([^"]*(?:""[^"]*)*)"(?=,|$)|([^",]*)(?=,|$)/y;
  for (;;) {
    const [whole, quoted, plain = ''] = field.exec(line) ?? [];
    if (whole === undefined)
      throw new KnownError('DOCKERFILE_SYNTAX', `A quote is out of place in "${text}".`, { range });
    fields.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    const end = fieldEnd(field.lastIndex, line);
    if (end === undefined) return fields;
    field.lastIndex = end;
  }
}

/** Start of the next field, or undefined behind the last. */
function fieldEnd(at: number, line: string): number | undefined {
  return at < line.length ? at + 1 : undefined;
}
