import { hasWildcards } from '../../context/pattern/file-glob.ts';
import type { PatternSource } from '../../context/pattern/pattern-matcher.ts';
import { resolvePath } from '../../context/resolve-path.ts';
import { suggestPath } from '../../context/suggest-path.ts';
import type { Finding } from '../finding.ts';
import type { Rule } from '../rule.ts';
import { contextSources } from '../subject/copied-files.ts';
import { isGitIgnored } from '../subject/git-ignored.ts';
import type { LintContext } from '../subject/lint-context.ts';

/** The build would stop there. */
export const copySourceMissing: Rule = {
  name: 'copy-source-missing',
  family: 'context',
  severity: 'error',
  level: 'default',
  summary: 'A file that is copied is not in the build context',

  *check(subject) {
    const { context } = subject;
    // Where nothing at all is found, another directory is the context.
    const sources = [...contextSources(subject)].filter(({ path }) => path !== '' && !hasWildcards(path));
    if (!context) return;
    const isThere = sources.some(({ path }) => exists(context.wholeTree, path));
    for (const { word, path } of sources) {
      if (exists(context.wholeTree, path)) {
        const pattern = hidingPattern(context, path);
        if (pattern) yield { ...hidden(word.text, pattern, path), range: word.range };
        continue;
      }
      if (isMadeBefore(context, path)) continue;
      const { nearest } = suggestPath(context.tree, path);
      if (!isThere && (!nearest || sources.length > 1)) continue;
      yield {
        message: `${JSON.stringify(word.text)} is not in the build context.`,
        range: word.range,
        ...(nearest
          ? { hint: `Did you mean ${JSON.stringify(nearest)}?` }
          : { hint: 'Something has to make it before the build.', severity: 'warning' as const }),
      };
    }
  },
};

/** What git is told to ignore is made before the build; goreleaser puts binaries into a context of its own. */
function isMadeBefore(context: LintContext, path: string): boolean {
  if (isGitIgnored(context, path)) return true;
  return !path.includes('/') && context.wholeTree.readdir('').some((name) => /^\.?goreleaser\.ya?ml$/.test(name));
}

/** Patterns that take files back below a hidden directory make a copy of it possible. */
function hidingPattern({ ignore }: LintContext, path: string): PatternSource | undefined {
  return ignore?.mayRestoreBelow(path) ? undefined : ignore?.explainPath(path);
}

function hidden(written: string, { text, range }: PatternSource, path: string): Pick<Finding, 'message' | 'hint'> {
  const line = range ? ` (line ${range.start.line})` : '';
  return {
    message: `${JSON.stringify(written)} is hidden from the build: the ignore file leaves it out.`,
    hint: `The pattern ${text}${line} hides it; write !${path} below it.`,
  };
}

function exists(tree: Parameters<typeof resolvePath>[0], path: string): boolean {
  return resolvePath(tree, path).entry !== undefined;
}
