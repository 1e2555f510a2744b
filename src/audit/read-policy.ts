import type { YamlMap, YamlValue } from '../config/yaml-section.ts';
import { KnownError } from '../diagnostics/known-error.ts';
import { nearest } from '../diagnostics/suggest.ts';
import { type AuditPolicy, DEFAULT_POLICY } from './audit-policy.ts';
import { CHECKS } from './checks.ts';
import { parseBytes } from './parse-bytes.ts';

const KEYS = ['fail-on', 'budget', 'base-age', 'labels', 'require', 'checks', 'allow'] as const;
const CHECK_NAMES = CHECKS.map(({ name }) => name);

/**
 * The section `audit` of a policy's file, such as `slipway.yaml`; docs/schema/slipway.json is its schema. A file without it asks for nothing.
 * @throws KnownError CONFIG_INVALID with the place: what is not YAML, an unknown key or check, a value of the wrong kind.
 */
export async function readPolicy(text: string, file: string): Promise<AuditPolicy> {
  const { readYamlSection } = await import('../config/yaml-section.ts');
  const section = readYamlSection(text, { file, name: 'audit' });
  if (!section) return DEFAULT_POLICY;
  for (const key of section.keys()) assertKnown(key, 'audit has no', KEYS);
  return {
    levels: readLevels(section.map('checks')),
    required: readChecks(section, 'require'),
    allowed: readAllowed(section.map('allow')),
    budgetBytes: readBytes(section.scalar('budget')),
    maxBaseAgeDays: readDays(section.scalar('base-age')) ?? DEFAULT_POLICY.maxBaseAgeDays,
    labels: section.strings('labels') ?? DEFAULT_POLICY.labels,
    failOn: section.oneOf('fail-on', ['error', 'warning', 'info', 'never'] as const) ?? DEFAULT_POLICY.failOn,
  };
}

function readLevels(checks: YamlMap | undefined): AuditPolicy['levels'] {
  const levels = (checks?.keys() ?? []).map((key) => {
    assertKnown(key, 'There is no check', CHECK_NAMES);
    return [key.text, checks?.oneOf(key.text, ['error', 'warning', 'info', 'off'] as const) ?? 'off'] as const;
  });
  return Object.fromEntries(levels);
}

function readAllowed(allow: YamlMap | undefined): AuditPolicy['allowed'] {
  const allowed = (allow?.keys() ?? []).map((key) => {
    assertKnown(key, 'There is no check', CHECK_NAMES);
    return [key.text, allow?.strings(key.text) ?? []] as const;
  });
  return Object.fromEntries(allowed);
}

function readChecks(section: YamlMap, key: string): readonly string[] {
  const names = section.strings(key) ?? [];
  const unknown = names.find((name) => !CHECK_NAMES.includes(name));
  const place = section.keys().find(({ text }) => text === key);
  if (unknown !== undefined && place)
    throw invalid(place, `There is no check "${unknown}".`, hintFor(unknown, CHECK_NAMES));
  return names;
}

function readBytes(value: YamlValue | undefined): number | undefined {
  if (value === undefined) return undefined;
  const bytes = parseBytes(value.text);
  if (bytes === undefined) throw invalid(value, `"${value.text}" is no size.`, 'Write it as 20MB or 20MiB.');
  return bytes;
}

function readDays(value: YamlValue | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d{1,5}$/.test(value.text)) return Number(value.text);
  throw invalid(value, `"${value.text}" is no number of days.`, undefined);
}

function assertKnown(key: YamlValue, what: string, known: readonly string[]): void {
  if (!known.includes(key.text)) throw invalid(key, `${what} "${key.text}".`, hintFor(key.text, known));
}

function hintFor(text: string, known: readonly string[]): string {
  const meant = nearest(text, known);
  return meant ? `Did you mean "${meant}"?` : `There are: ${known.join(', ')}.`;
}

function invalid({ range, source }: YamlValue, message: string, hint: string | undefined): KnownError {
  return new KnownError('CONFIG_INVALID', message, { hint, range }).within(source);
}
