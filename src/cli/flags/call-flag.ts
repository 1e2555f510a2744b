import { CALL_METHODS, type CallMethod } from '../../build/call-method.ts';
import { parseBool } from '../../dockerfile/go-number.ts';
import { csvFields, unknownField, usageError } from './csv-fields.ts';
import { oneOf } from './one-of.ts';

/** --call: what to answer about a build in place of making it. */
export interface CallFlag {
  readonly method: CallMethod;
  readonly format: 'text' | 'json';
  /** Exit with 0 whatever was found. */
  readonly ignoreStatus: boolean;
}

/**
 * `check`, `outline,format=json`, `check,ignorestatus=true`; `lint` is docker's other word for `check`. undefined: build.
 * @throws KnownError USAGE
 */
export function parseCallFlag(value: string): CallFlag | undefined {
  const [method = '', ...fields] = csvFields(value);
  let call: CallFlag = { method: 'check', format: 'text', ignoreStatus: false };
  for (const [name, field] of fields) {
    if (name === 'format') call = { ...call, format: oneOf('--call format', field, ['text', 'json']) };
    else if (name === 'ignorestatus') call = { ...call, ignoreStatus: truth(field) };
    else throw unknownField('--call', name, ['format', 'ignorestatus']);
  }
  if (method[0] === 'build' || method[0] === '') return undefined;
  return { ...call, method: method[0] === 'lint' ? 'check' : oneOf('--call', method[0], CALL_METHODS) };
}

function truth(field: string): boolean {
  const value = parseBool(field);
  if (value === undefined) throw usageError(`--call ignorestatus=${field} is neither true nor false.`);
  return value;
}
