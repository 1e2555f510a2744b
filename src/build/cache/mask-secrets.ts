import { createHash } from 'node:crypto';
import { redactUsers } from '../../diagnostics/redact.ts';
import type { CacheKey } from './cache-key.ts';

const SECRET = /(?:_|^)(?:apikey|auth|credentials?|key|password|pword|passwd|pat|secret|token)(?:_|$)/i;
const HARMLESS = /(?:_|^)public(?:_|$)/i;
/** A shorter value would be found in words that have nothing to do with it. */
const SHORTEST = 4;

/** A variable whose name says that its value is nobody's business. */
export function namesSecret(name: string): boolean {
  return SECRET.test(name) && !HARMLESS.test(name);
}

/** Stands for a value that must not be kept: two of them can be compared, and tell no more. */
export function maskedValue(value: string): string {
  return `***${createHash('sha256').update(`slipway record ${value}`).digest('hex').slice(0, 8)}`;
}

export function maskAssignment(assignment: string): string {
  const equals = assignment.indexOf('=');
  const name = equals < 0 ? assignment : assignment.slice(0, equals);
  if (equals < 0 || !namesSecret(name)) return redactUsers(assignment);
  return `${name}=${maskedValue(assignment.slice(equals + 1))}`;
}

export function maskValues(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, namesSecret(name) ? maskedValue(value) : redactUsers(value)]),
  );
}

/** Takes the values of secret variables out of any text that they were expanded into, and users out of its URLs (of a proxy). */
export function textMasker(assignments: Iterable<string>): (text: string) => string {
  const values = new Map<string, string>();
  for (const assignment of assignments) {
    const equals = assignment.indexOf('=');
    const value = assignment.slice(equals + 1);
    if (equals <= 0 || value.length < SHORTEST || !namesSecret(assignment.slice(0, equals))) continue;
    // Parts of keys are JSON: there the value stands with its quotes escaped.
    for (const form of [value, JSON.stringify(value).slice(1, -1)]) values.set(form, maskedValue(value));
  }
  // Longer values first: one may contain another.
  const ordered = [...values].sort(([a], [b]) => b.length - a.length);
  return (text) => redactUsers(ordered.reduce((masked, [value, mask]) => masked.replaceAll(value, mask), text));
}

/** A key as it may be kept: its digest is that of the values, its parts show none that is secret. */
export function maskKey(key: CacheKey, mask: (text: string) => string): CacheKey {
  const parts = Object.entries(key.parts).map(([name, value]) => [name, mask(name === 'env' ? maskEnv(value) : value)]);
  return { ...key, parts: Object.fromEntries(parts) };
}

/** The environment of a key: assignments as JSON. */
export function keyEnvironment({ parts }: Pick<CacheKey, 'parts'>): readonly string[] {
  const env: unknown = JSON.parse(parts.env ?? '[]');
  return Array.isArray(env) ? env.map(String) : [];
}

function maskEnv(json: string): string {
  return JSON.stringify(keyEnvironment({ parts: { env: json } }).map(maskAssignment));
}
