import { KnownError } from '../../diagnostics/known-error.ts';
import { nearest } from '../../diagnostics/suggest.ts';

const ACTION = /\{\{-?\s*(.*?)\s*-?\}\}/g;

/**
 * The part of Go's templates that people script with: `{{.Field}}`, `{{.A.B}}`, `{{index .A "key"}}`, `{{json .A}}`,
 * `{{len .A}}`, `\t` and `\n` outside of actions. Anything else is refused by name rather than printed wrongly.
 */
export function renderGoTemplate(template: string, value: unknown): string {
  const text = template.replace(/\\t/g, '\t').replace(/\\n/g, '\n');
  return text.replace(ACTION, (_, action: string) => evaluate(action, value));
}

function evaluate(action: string, value: unknown): string {
  const [, name = '', rest = ''] = /^(json|len|index|lower|upper|println)\s+(.*)$/.exec(action) ?? [];
  switch (name) {
    case 'json':
      return JSON.stringify(field(rest, value) ?? null);
    case 'len':
      return String(lengthOf(field(rest, value)));
    case 'lower':
      return show(field(rest, value)).toLowerCase();
    case 'upper':
      return show(field(rest, value)).toUpperCase();
    case 'println':
      return `${show(field(rest, value))}\n`;
    case 'index':
      return show(indexed(rest, value));
    default:
      return show(field(action, value));
  }
}

function indexed(expression: string, value: unknown): unknown {
  const [, path = '', keys = ''] = /^(\S+)\s+(.*)$/.exec(expression) ?? [];
  const names = [...keys.matchAll(/"([^"]*)"|(\d+)/g)].map(([, text, number]) => text ?? number ?? '');
  return names.reduce((found, key) => member(found, key), field(path, value));
}

function field(path: string, value: unknown): unknown {
  if (!/^\.[\w.]*$/.test(path)) throw refused(path);
  return path
    .split('.')
    .filter((name) => name !== '')
    .reduce((found, name) => {
      if (typeof found === 'object' && found !== null && !(name in found)) throw unknownField(name, found);
      return member(found, name);
    }, value);
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function lengthOf(value: unknown): number {
  if (typeof value === 'string' || Array.isArray(value)) return value.length;
  return typeof value === 'object' && value !== null ? Object.keys(value).length : 0;
}

/** As Go prints: lists in brackets, maps as `map[k:v]`, nothing as `<no value>`. */
function show(value: unknown): string {
  if (value === undefined || value === null) return '<no value>';
  if (Array.isArray(value)) return `[${value.map(show).join(' ')}]`;
  if (typeof value === 'object')
    return `map[${Object.entries(value)
      .map(([key, item]) => `${key}:${show(item)}`)
      .sort()
      .join(' ')}]`;
  return String(value);
}

function refused(action: string): KnownError {
  return new KnownError('USAGE', `The template action "{{${action}}}" is not understood.`, {
    hint: 'Fields ({{.ID}}), json, index, len, lower, upper and println are; or use --format json.',
    exitCode: 2,
  });
}

function unknownField(name: string, found: object): KnownError {
  const names = Object.keys(found);
  const meant = nearest(name, names);
  return new KnownError('USAGE', `There is no field "${name}" to format.`, {
    hint: meant ? `Did you mean ".${meant}"?` : `There are: ${names.slice(0, 12).join(', ')}.`,
    exitCode: 2,
  });
}
