import type { YamlMap, YamlValue } from '../../config/yaml-section.ts';
import type { Severity } from '../../diagnostics/diagnostic.ts';
import { KnownError } from '../../diagnostics/known-error.ts';
import { nearest } from '../../diagnostics/suggest.ts';
import { DEFAULT_SETTINGS, type LintSettings } from '../lint.ts';
import { assertRuleName } from './rule-name.ts';

/** The section `lint` of `slipway.yaml`. docs/schema/slipway.json is its schema. */
export interface LintConfig {
  readonly settings: LintSettings;
  /** Findings at or above it end with exit code 1; undefined: the command's own default. */
  readonly failOn: FailLevel | undefined;
  /** Paths of Dockerfiles that are left out, as patterns of .dockerignore relative to the file. */
  readonly exclude: readonly string[];
}

export type FailLevel = Severity | 'never';

export const FAIL_LEVELS: readonly FailLevel[] = ['error', 'warning', 'info', 'never'];
const LEVELS: readonly (Severity | 'off')[] = ['error', 'warning', 'info', 'off'];
const KEYS = ['strict', 'fail-on', 'rules', 'exclude', 'pin', 'registries', 'required-labels'] as const;

export const NO_CONFIG: LintConfig = { settings: DEFAULT_SETTINGS, failOn: undefined, exclude: [] };

/** @throws KnownError CONFIG_INVALID with the place: what is not YAML, an unknown key or rule, a value of the wrong kind. */
export async function readLintConfig(text: string, file: string): Promise<LintConfig> {
  const { readYamlSection } = await import('../../config/yaml-section.ts');
  const section = readYamlSection(text, { file, name: 'lint' });
  if (!section) return NO_CONFIG;
  for (const key of section.keys()) if (!isOneOf(key.text, KEYS)) throw unknown(key, 'lint has no', KEYS);
  const policy = DEFAULT_SETTINGS.policy;
  return {
    settings: {
      strict: section.boolean('strict') ?? false,
      severities: readSeverities(section),
      policy: {
        pin: section.oneOf('pin', ['tag', 'digest'] as const) ?? policy.pin,
        registries: section.strings('registries') ?? policy.registries,
        requiredLabels: section.strings('required-labels') ?? policy.requiredLabels,
      },
    },
    failOn: section.oneOf('fail-on', FAIL_LEVELS),
    exclude: section.strings('exclude') ?? [],
  };
}

function readSeverities(section: YamlMap): LintSettings['severities'] {
  const rules = section.map('rules');
  const names = (rules?.keys() ?? []).map((key): readonly [string, Severity | 'off'] => {
    assertKnownRule(key);
    return [key.text, rules?.oneOf(key.text, LEVELS) ?? 'off'];
  });
  return Object.fromEntries(names);
}

function assertKnownRule({ text, range, source }: YamlValue): void {
  try {
    assertRuleName(text);
  } catch (error) {
    if (!(error instanceof KnownError)) throw error;
    throw new KnownError('CONFIG_INVALID', error.message, { hint: error.hint, range }).within(source);
  }
}

function isOneOf(text: string, known: readonly string[]): boolean {
  return known.includes(text);
}

function unknown({ text, range, source }: YamlValue, what: string, known: readonly string[]): KnownError {
  const meant = nearest(text, known);
  return new KnownError('CONFIG_INVALID', `${what} "${text}".`, {
    hint: meant
      ? `Did you mean "${meant}"?`
      : `There are: ${known.slice(0, 10).join(', ')}${known.length > 10 ? ' …' : ''}.`,
    range,
  }).within(source);
}
