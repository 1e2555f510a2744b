import { hasWildcards } from '../../context/pattern/file-glob.ts';
import { resolvePath } from '../../context/resolve-path.ts';
import { suggestPath } from '../../context/suggest-path.ts';
import type { Rule } from '../rule.ts';
import { contextSources } from '../subject/copied-files.ts';

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
    if (!context || (!sources.some(({ path }) => exists(context.wholeTree, path)) && sources.length > 1)) return;
    for (const { word, path } of sources) {
      if (exists(context.wholeTree, path)) continue;
      const { nearest } = suggestPath(context.tree, path);
      yield {
        message: `${JSON.stringify(word.text)} is not in the build context.`,
        range: word.range,
        hint: nearest ? `Did you mean ${JSON.stringify(nearest)}?` : undefined,
      };
    }
  },
};

function exists(tree: Parameters<typeof resolvePath>[0], path: string): boolean {
  return resolvePath(tree, path).entry !== undefined;
}
