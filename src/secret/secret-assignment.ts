import { maskSecret } from './mask-secret.ts';
import type { SecretFinding } from './secret-finding.ts';
import { isSecretName } from './secret-name.ts';
import { isPlaceholder, looksGenerated } from './secret-value.ts';

/** A name, `=`, `:`, `:=` or `=>`, and a value in quotes or without; each is bounded, so that no text takes long. */
const ASSIGNMENT =
  /(?<![A-Za-z0-9_.-])([A-Za-z_][A-Za-z0-9_.-]{1,80})["']?[ \t]{0,8}(?::=|=>|=|:)[ \t]{0,8}(?:"([^"\r\n]{3,512})"|'([^'\r\n]{3,512})'|([^\s"'`,;&|<>()]{3,512}))/g;

/** Not the secret but where it is kept, or a switch. */
const ELSEWHERE = /^(?:\.{0,2}\/|~\/|file:|env:|vault:|ssm:|arn:|secret:|\/run\/)|^[\d.]{1,8}[a-z]?$/i;

/** Literal values of variables that are named like secrets; an example or a reference is none. */
export function matchAssignments(
  text: string,
  { end, onlyGenerated }: { readonly end: number; readonly onlyGenerated: boolean },
): SecretFinding[] {
  const found: SecretFinding[] = [];
  for (const match of text.matchAll(ASSIGNMENT)) {
    if (match.index >= end) break;
    const [whole, name = '', double, single, bare] = match;
    const value = double ?? single ?? bare ?? '';
    if (!isSecretName(name) || !isSecretValue(value, onlyGenerated)) continue;
    found.push({ ...namedValue(name, value), offset: match.index + whole.lastIndexOf(value) });
  }
  return found;
}

/** The value of one variable whose name says that it is secret; undefined when it is none or holds no literal. */
export function matchVariable(name: string, value: string): SecretFinding | undefined {
  return isSecretName(name) && isSecretValue(value, false) ? namedValue(name, value) : undefined;
}

function namedValue(name: string, value: string): SecretFinding {
  return {
    kind: 'named-value',
    title: `value of ${name}`,
    offset: 0,
    length: value.length,
    masked: maskSecret(value),
    name,
  };
}

function isSecretValue(value: string, onlyGenerated: boolean): boolean {
  if (onlyGenerated) return looksGenerated(value);
  return value.length >= 3 && !isPlaceholder(value) && !ELSEWHERE.test(value);
}
