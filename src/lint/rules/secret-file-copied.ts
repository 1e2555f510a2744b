import { hasWildcards } from '../../context/pattern/file-glob.ts';
import { secretFileTitle } from '../../secret/secret-file.ts';
import type { Finding } from '../finding.ts';
import type { Rule } from '../rule.ts';
import { type ContextSource, contextSources, copiedFiles } from '../subject/copied-files.ts';
import type { LintSubject } from '../subject/lint-subject.ts';
import { shipsFile } from '../subject/shipped-files.ts';
import { isSshKey } from '../subject/ssh-keys.ts';

/** A layer keeps it, even when a later step removes it. */
export const secretFileCopied: Rule = {
  name: 'secret-file-copied',
  family: 'secret',
  severity: 'error',
  level: 'default',
  summary: 'A file that holds secrets by its name becomes part of the image',

  *check(subject) {
    for (const source of contextSources(subject)) yield* findingsOf(subject, source);
  },
};

function* findingsOf(subject: LintSubject, source: ContextSource): Generator<Finding> {
  const { context } = subject;
  const { path, word } = source;
  const title = hasWildcards(path) ? undefined : secretFileTitle(path);
  if (title && !isSshKey(path) && !isPublicSetting(path)) {
    yield { message: `${word.text} holds secrets by its name: ${lower(title)}.`, range: word.range, hint: HINT };
    return;
  }
  const files = (context ? copiedFiles(context, source) : []).filter(
    (file) => secretFileTitle(file.path) && !isSshKey(file.path) && shipsFile(subject, source, file.path),
  );
  const [first] = files;
  if (!first || path === first.path) return;
  const more = files.length > 1 ? ` and ${files.length - 1} more like it` : '';
  yield {
    message: `${word.text} brings ${first.path} (${lower(secretFileTitle(first.path) ?? '')})${more} into the image.`,
    range: word.range,
    hint: `Hide it by .dockerignore: **/${first.path.slice(first.path.lastIndexOf('/') + 1)}.`,
  };
}

const HINT = 'Mount it where a step needs it (RUN --mount=type=secret), or give it to the container at run time.';

/** Frameworks keep defaults that everybody may see in files of this name. */
function isPublicSetting(path: string): boolean {
  return /\.env\.(?:production|development|staging|ci|docker|local)?\.?(?:example|sample|dist|template)$/.test(path);
}

function lower(title: string): string {
  return /^[A-Z][a-z]/.test(title) ? title.charAt(0).toLowerCase() + title.slice(1) : title;
}
