import { KnownError } from '../../diagnostics/known-error.ts';
import { nearest } from '../../diagnostics/suggest.ts';
import { RULES } from '../rules.ts';

/** Build checks and shellcheck's codes are known by their spelling: they are not listed here. */
const FOREIGN = /^(?:[A-Z][A-Za-z]+|SC\d{4})$/;

/** @throws KnownError USAGE for a name that nothing can have */
export function assertRuleName(name: string): void {
  if (FOREIGN.test(name) || RULES.some((rule) => rule.name === name)) return;
  const meant = nearest(
    name,
    RULES.map((rule) => rule.name),
  );
  throw new KnownError('USAGE', `There is no rule ${JSON.stringify(name)}.`, {
    hint: meant ? `Did you mean "${meant}"?` : 'docs/rules lists them.',
    exitCode: 2,
  });
}
