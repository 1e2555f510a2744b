import { PatternMatcher } from '../../context/pattern/pattern-matcher.ts';
import { KnownError } from '../../diagnostics/known-error.ts';
import type { LintContext } from './lint-context.ts';
import { remembered } from './remembered.ts';

/** Git is told to leave the path alone, by the .gitignore of the context's root: something makes it before the build. */
export function isGitIgnored(context: LintContext, path: string): boolean {
  return rootIgnore(context)?.matches(path) ?? false;
}

const rootIgnore = remembered((context: LintContext): PatternMatcher | undefined => {
  const text = context.readText('.gitignore');
  if (text === undefined) return undefined;
  try {
    return new PatternMatcher(text.split('\n').flatMap(patternOf));
  } catch (error) {
    // A pattern that only git reads.
    if (error instanceof KnownError) return undefined;
    throw error;
  }
});

/** gitignore(5): without a slash but at its end a pattern holds at every depth; one in front anchors it. */
function patternOf(line: string): readonly string[] {
  const [, not = '', pattern = ''] = /^(!?)(.*?)\/?\s*$/.exec(line) ?? [];
  if (pattern === '' || pattern.startsWith('#')) return [];
  if (pattern.startsWith('/')) return [not + pattern.slice(1)];
  return [not + (pattern.includes('/') ? pattern : `**/${pattern}`)];
}
