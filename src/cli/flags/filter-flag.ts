import { nearest } from '../../diagnostics/suggest.ts';
import { usageError } from './csv-fields.ts';

/** One `--filter name=value`. */
export interface Filter {
  readonly name: string;
  readonly value: string;
}

/** Reads docker's filters, each of which has to be one of `known`. @throws KnownError USAGE */
export function parseFilters(values: readonly string[], known: readonly string[]): Filter[] {
  return values.map((text) => {
    const equals = text.indexOf('=');
    const name = text.slice(0, Math.max(0, equals)).trim().toLowerCase();
    if (equals < 0) throw usageError(`--filter ${JSON.stringify(text)} has no value.`, 'Write --filter NAME=VALUE.');
    if (known.includes(name)) return { name, value: text.slice(equals + 1) };
    const meant = nearest(name, known);
    throw usageError(
      `--filter ${JSON.stringify(name)} is not known here.`,
      meant ? `Did you mean "${meant}"?` : `There are: ${known.join(', ')}.`,
    );
  });
}

/** `true` and `false` as docker takes them. @throws KnownError USAGE */
export function booleanFilter({ name, value }: Filter): boolean {
  if (['true', '1', 't'].includes(value.toLowerCase())) return true;
  if (['false', '0', 'f'].includes(value.toLowerCase())) return false;
  throw usageError(`--filter ${name}=${value} is neither true nor false.`);
}

/** `label=key` or `label=key=value`, against an image's labels. */
export function matchesLabel(labels: Readonly<Record<string, string>>, { value }: Filter): boolean {
  const equals = value.indexOf('=');
  const key = equals < 0 ? value : value.slice(0, equals);
  return Object.hasOwn(labels, key) && (equals < 0 || labels[key] === value.slice(equals + 1));
}

const DURATION = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/;

/** A duration such as `24h`, `7d` or `1h30m`, or a time (`2024-01-31`, RFC 3339, seconds since 1970), as the time it means. */
export function parseSince(flag: string, text: string, nowMs: number): number {
  const match = DURATION.exec(text);
  if (match && text !== '') {
    const [days, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0));
    return nowMs - (((days ?? 0) * 24 + (hours ?? 0)) * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0)) * 1000;
  }
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const time = Date.parse(text);
  if (!Number.isNaN(time)) return time;
  throw usageError(`${flag} ${JSON.stringify(text)} is no time.`, 'Write 24h, 7d, 2024-01-31 or a full time.');
}
