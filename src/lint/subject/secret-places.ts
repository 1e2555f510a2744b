import type { SourceRange } from '../../diagnostics/source-range.ts';
import type { SourceText } from '../../diagnostics/source-text.ts';
import { findSecrets } from '../../secret/find-secrets.ts';
import type { SecretFinding } from '../../secret/secret-finding.ts';
import type { LintSubject } from './lint-subject.ts';
import { remembered } from './remembered.ts';

/** A secret in the Dockerfile's text. */
export interface SecretPlace {
  readonly secret: SecretFinding;
  readonly range: SourceRange;
}

/** In a piece of the text: by a known form, or as the value of something named like a secret that a generator wrote. */
export function secretsIn({ text }: LintSubject, range: SourceRange): readonly SecretPlace[] {
  return placesIn(range, text);
}

const placesIn = remembered((range: SourceRange, text: SourceText): readonly SecretPlace[] => {
  const start = text.offsetAt(range.start);
  return findSecrets(text.text.slice(start, text.offsetAt(range.end))).map((secret) => ({
    secret,
    range: text.rangeOf(start + secret.offset, start + secret.offset + secret.length),
  }));
});

/** Logins in addresses have a rule of their own. */
export function isInUrl({ secret }: SecretPlace): boolean {
  return secret.kind === 'url-credentials';
}
