import { KnownError } from '../diagnostics/known-error.ts';
import type { SourceRange } from '../diagnostics/source-range.ts';
import { nearest } from '../diagnostics/suggest.ts';
import { csvFields } from './csv-fields.ts';
import { parseBool } from './go-number.ts';

/** RUN --device: a CDI device. */
export interface Device {
  readonly name: string;
  readonly required: boolean;
}

/** Reads the value of --device, whose variables are not expanded. Throws DOCKERFILE_SYNTAX or DOCKERFILE_INVALID_VALUE. */
export function parseDevice(value: string, range?: SourceRange): Device {
  let device: Device = { name: '', required: false };
  for (const field of csvFields(value, range)) device = withField(device, field, range);
  return device;
}

function withField(device: Device, field: string, range: SourceRange | undefined): Device {
  const equals = field.indexOf('=');
  const key = (equals < 0 ? field : field.slice(0, equals)).toLowerCase();
  const text = equals < 0 ? undefined : field.slice(equals + 1);
  if (key === 'required') {
    const required = text === undefined ? true : parseBool(text);
    if (required === undefined) throw badField(`"required" is either true or false, not "${text}".`, range);
    return { ...device, required };
  }
  if (key === 'name' && text !== undefined) {
    if (device.name !== '') throw badField(`The device is named twice: "${device.name}" and "${text}".`, range);
    return { ...device, name: text };
  }
  if (device.name === '') return { ...device, name: field };
  const near = nearest(key, ['name', 'required']);
  throw badField(`--device has no option "${key}".`, range, near && `Did you mean ${near}?`);
}

function badField(message: string, range: SourceRange | undefined, hint?: string): KnownError {
  return new KnownError('DOCKERFILE_INVALID_VALUE', message, { range, hint });
}
