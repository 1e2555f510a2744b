import type { SecretKind } from './secret-finding.ts';

/** One known form of a secret. */
export interface SecretFormat {
  readonly kind: SecretKind;
  readonly title: string;
  /** Literal texts one of which stands where `pattern` begins: all formats are looked for at once by them. */
  readonly anchors: readonly string[];
  /** Sticky, bounded in what it takes. The group `secret` is the secret itself, else all of it. */
  readonly pattern: RegExp;
  /** The start that all secrets of this form have; may be shown. */
  readonly publicPrefix?: string;
  /** Told only where no other form has the same secret. */
  readonly isGeneral?: boolean;
  /** A last look at what matched; examples and placeholders are already gone. */
  isSecret?(value: string, match: RegExpExecArray): boolean;
}

/** A form that is a fixed prefix and a random part. */
export function tokenFormat(
  kind: SecretKind,
  title: string,
  prefixes: readonly string[],
  body: string,
): SecretFormat[] {
  return prefixes.map((prefix) => ({
    kind,
    title,
    anchors: [prefix],
    pattern: new RegExp(`${prefix.replace(/[.]/g, '\\.')}${body}`, 'y'),
    publicPrefix: prefix,
    isSecret: (value) => isRandom(value.slice(prefix.length)),
  }));
}

/** Random characters are neither a word nor one alphabet's run: they have digits and letters, and few repeat. */
export function isRandom(text: string): boolean {
  return /[0-9]/.test(text) && /[A-Za-z]/.test(text) && new Set(text).size >= Math.min(10, text.length / 2);
}
