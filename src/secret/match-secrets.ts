import { maskSecret } from './mask-secret.ts';
import { matchAssignments } from './secret-assignment.ts';
import type { SecretFinding } from './secret-finding.ts';
import type { SecretFormat } from './secret-format.ts';
import { SECRET_FORMATS } from './secret-formats.ts';
import { isPlaceholder } from './secret-value.ts';

/**
 * Which values count because of the name they are assigned to: none; those that a generator wrote; or any literal (in a file that
 * holds nothing but settings, such as `.env`).
 */
export type AssignmentRule = 'none' | 'generated' | 'literal';

const PLACEHOLDER_LENGTH = 80;

export interface MatchOptions {
  /** `generated` by default. */
  readonly assignments?: AssignmentRule;
  /** Matches that begin at or behind it are somebody else's; everything by default. */
  readonly end?: number;
}

const BY_ANCHOR = new Map<string, readonly SecretFormat[]>();
for (const format of SECRET_FORMATS) {
  for (const anchor of format.anchors) BY_ANCHOR.set(anchor, [...(BY_ANCHOR.get(anchor) ?? []), format]);
}
// Longest first: an alternation takes the first that fits.
const ANCHORS = new RegExp(
  [...BY_ANCHOR.keys()]
    .sort((a, b) => b.length - a.length)
    .map((text) => text.replace(/[$.?+*^|()[\]{}]/g, '\\$&'))
    .join('|'),
  'g',
);

/** The secrets in a text, in order of their place. Of several forms that one secret has, the first in the table is told. */
export function matchSecrets(text: string, options: MatchOptions = {}): readonly SecretFinding[] {
  const { assignments = 'generated', end = text.length } = options;
  const found = matchFormats(text, end);
  if (assignments === 'none') return [...found].sort((a, b) => a.offset - b.offset);
  const named = matchAssignments(text, { end, onlyGenerated: assignments === 'generated' });
  const isKnown = (finding: SecretFinding) => found.some((other) => overlaps(finding, other));
  return [...found, ...named.filter((finding) => !isKnown(finding))].sort((a, b) => a.offset - b.offset);
}

function overlaps(a: SecretFinding, b: SecretFinding): boolean {
  return a.offset < b.offset + b.length && b.offset < a.offset + a.length;
}

function matchFormats(text: string, end: number): readonly SecretFinding[] {
  const found: SecretFinding[] = [];
  const general: SecretFinding[] = [];
  ANCHORS.lastIndex = 0;
  for (let anchor = ANCHORS.exec(text); anchor && anchor.index < end; anchor = ANCHORS.exec(text)) {
    const match = matchAt(text, anchor.index, BY_ANCHOR.get(anchor[0]) ?? []);
    if (!match) continue;
    const { format, finding } = match;
    if (found.some((other) => overlaps(other, finding))) continue;
    (format.isGeneral ? general : found).push(finding);
    if (!format.isGeneral) ANCHORS.lastIndex = Math.max(ANCHORS.lastIndex, finding.offset + finding.length);
  }
  return [...found, ...general.filter((finding) => !found.some((other) => overlaps(other, finding)))];
}

interface FormatMatch {
  readonly format: SecretFormat;
  readonly finding: SecretFinding;
}

function matchAt(text: string, index: number, formats: readonly SecretFormat[]): FormatMatch | undefined {
  for (const format of formats) {
    format.pattern.lastIndex = index;
    const match = format.pattern.exec(text);
    if (!match) continue;
    const value = match.groups?.['secret'] ?? match[0];
    const { kind, title, publicPrefix = '' } = format;
    // Of random text so long, some would have such a word by chance.
    if (isPlaceholder(value.slice(publicPrefix.length, PLACEHOLDER_LENGTH))) continue;
    if (format.isSecret?.(value, match) === false) continue;
    const offset = index + match[0].indexOf(value);
    return { format, finding: { kind, title, offset, length: value.length, masked: maskSecret(value, publicPrefix) } };
  }
  return undefined;
}
