import { nearest } from '../../diagnostics/suggest.ts';
import type { Flag } from '../ast.ts';
import type { Span } from '../logical-line.ts';
import { rangeOf } from '../logical-line.ts';
import type { Statement } from '../statement.ts';
import type { FlagType } from './instruction-syntax.ts';
import { invalid } from './instruction-syntax.ts';

/**
 * The flags of a statement, checked against those its instruction takes: names (which are case sensitive), repetition,
 * and whether a value is there. Throws DOCKERFILE_UNKNOWN_FLAG and DOCKERFILE_INVALID_FLAG.
 */
export function readFlags(statement: Statement, known: Readonly<Record<string, FlagType>>): readonly Flag[] {
  const seen = new Set<string>();
  return statement.command.flags.map((span) => {
    const equals = span.text.indexOf('=');
    const name = span.text.slice(2, equals < 0 ? undefined : equals);
    const value = equals < 0 ? undefined : span.text.slice(equals + 1);
    const type = Object.hasOwn(known, name) ? known[name] : undefined;
    if (!type) throw unknownFlag(statement, span, { name, known: Object.keys(known) });
    if (seen.has(name) && type !== 'list') throw invalidFlag(statement, span, `The flag --${name} is given twice.`);
    seen.add(name);
    checkValue(statement, span, { name, value, type });
    return { name, value, range: rangeOf(statement.line, span) };
  });
}

/** A boolean flag that a statement may carry: true when bare, undefined when it is not there. */
export function booleanFlag(flags: readonly Flag[], name: string): boolean | undefined {
  const flag = flags.find((candidate) => candidate.name === name);
  return flag && (flag.value ?? 'true').toLowerCase() === 'true';
}

/** The value of a string flag, or undefined when it is not there. */
export function stringFlag(flags: readonly Flag[], name: string): string | undefined {
  return flags.find((flag) => flag.name === name)?.value;
}

interface FlagValue {
  readonly name: string;
  readonly value: string | undefined;
  readonly type: FlagType;
}

function checkValue(statement: Statement, span: Span, { name, value, type }: FlagValue): void {
  if (type !== 'boolean') {
    if (value === undefined) throw invalidFlag(statement, span, `The flag --${name} needs a value: --${name}=….`);
    return;
  }
  if (value === undefined || /^(?:true|false)$/i.test(value)) return;
  throw invalidFlag(statement, span, `The flag --${name} is either true or false, not "${value}".`);
}

function unknownFlag(
  statement: Statement,
  span: Span,
  { name, known }: { readonly name: string; readonly known: readonly string[] },
): Error {
  const near = nearest(name, known);
  const list = known.map((flag) => `--${flag}`).join(', ');
  const keyword = statement.command.keyword.text.toUpperCase();
  return invalid(statement, `${keyword} has no flag --${name}.`, {
    at: span,
    code: 'DOCKERFILE_UNKNOWN_FLAG',
    hint: near ? `Did you mean --${near}?` : `${keyword} takes ${list === '' ? 'no flags' : list}.`,
  });
}

function invalidFlag(statement: Statement, at: Span, message: string): Error {
  return invalid(statement, message, { at, code: 'DOCKERFILE_INVALID_FLAG' });
}
