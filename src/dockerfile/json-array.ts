import { KnownError } from '../diagnostics/known-error.ts';
import type { LogicalLine, Span } from './logical-line.ts';
import { rangeOf } from './logical-line.ts';
import { skipSpace } from './white-space.ts';

/**
 * The strings of arguments in JSON form, decoded, or undefined where the text is no JSON array and so means the shell
 * form. Throws DOCKERFILE_SYNTAX for an array that holds anything but strings.
 */
export function readJsonArray(line: LogicalLine, args: Span): readonly Span[] | undefined {
  const start = skipSpace(line.text, args.start, args.end);
  if (start >= args.end || line.text.charAt(start) !== '[') return undefined;
  const values = parseArray(line.text.slice(start, args.end));
  if (!values) return undefined;
  if (!values.every((value) => typeof value === 'string')) {
    throw new KnownError('DOCKERFILE_SYNTAX', 'An array in JSON form may hold strings only.', {
      range: rangeOf(line, args),
      hint: 'Put every element between double quotes.',
    });
  }
  return locate(line.text, start, values);
}

function parseArray(text: string): readonly unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The text is known to be an array of strings, so its quoted runs are the elements, in order. */
function locate(text: string, start: number, values: readonly string[]): readonly Span[] {
  const quoted = /"[^"\\]*(?:\\.[^"\\]*)*"/g;
  quoted.lastIndex = start;
  return values.map((value) => {
    const from = quoted.exec(text)?.index ?? start;
    return { text: value, start: from, end: quoted.lastIndex };
  });
}
