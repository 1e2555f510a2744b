import type { LintSettings } from '../../lint/lint.ts';
import { usageError } from './csv-fields.ts';
import { oneOf } from './one-of.ts';

/** `--rule name=level …` as settings. @throws KnownError USAGE */
export async function ruleFlags(values: readonly string[]): Promise<LintSettings['severities']> {
  const { assertRuleName } = await import('../../lint/config/rule-name.ts');
  const entries = values.map((value) => {
    const [name = '', level] = value.split(/=(.*)/s);
    if (level === undefined) throw usageError(`--rule ${JSON.stringify(value)} has no level.`, 'Write NAME=LEVEL.');
    assertRuleName(name);
    return [name, oneOf('--rule', level, ['error', 'warning', 'info', 'off'])] as const;
  });
  return Object.fromEntries(entries);
}
