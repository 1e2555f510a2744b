import { type MatchOptions, matchSecrets } from './match-secrets.ts';
import { matchVariable } from './secret-assignment.ts';
import type { SecretFinding } from './secret-finding.ts';

/** The secrets in a text that is in memory, with lines and columns, in order. */
export function findSecrets(text: string, options: Omit<MatchOptions, 'end'> = {}): readonly SecretFinding[] {
  const found = matchSecrets(text, options);
  return found.length === 0 ? found : withPositions(found, text);
}

/**
 * The secret in one variable, argument or label: a value of a known form whatever the name, else any literal under a name that says it
 * is secret. Offsets are those in the value.
 */
export function findSecretInVariable(name: string, value: string): SecretFinding | undefined {
  const [known] = matchSecrets(value, { assignments: 'none' });
  return known ? { ...known, name } : matchVariable(name, value);
}

function withPositions(found: readonly SecretFinding[], text: string): SecretFinding[] {
  let line = 1;
  let lineStart = 0;
  return found.map((finding) => {
    for (
      let next = text.indexOf('\n', lineStart);
      next >= 0 && next < finding.offset;
      next = text.indexOf('\n', lineStart)
    ) {
      line++;
      lineStart = next + 1;
    }
    return { ...finding, line, column: finding.offset - lineStart + 1 };
  });
}
