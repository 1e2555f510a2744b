import type { FileTree } from '../../context/file-tree.ts';
import type { PatternMatcher, PatternSource } from '../../context/pattern/pattern-matcher.ts';
import { suggestPath } from '../../context/suggest-path.ts';
import { KnownError } from '../../diagnostics/known-error.ts';

/**
 * A COPY source that is not there: with the nearest name, and with the line of .dockerignore when that hides it. `leavesRoot`: as
 * written it led out of the tree.
 */
export function sourceMissing(
  tree: FileTree & { readonly ignore?: PatternMatcher | undefined },
  pattern: string,
  leavesRoot = false,
): KnownError {
  const { nearest, hiddenBy, existing } = suggestPath(tree, pattern, tree.ignore);
  const path = pattern.replace(/^\/+/, '');
  return new KnownError('COPY_SOURCE_MISSING', `"${path}" is not in ${tree.name}.`, {
    hint: leavesRoot
      ? outsideHint(tree, nearest)
      : hint({ nearest, existing, hiddenBy: hiddenBy && placeOf(hiddenBy) }),
  });
}

function outsideHint({ name }: FileTree, nearest: string | undefined): string {
  const inside = nearest === undefined ? '' : ` Did you mean "${nearest}"?`;
  return `".." cannot leave ${name}.${inside} What lies outside is copied from a context of its own: --build-context outside=.. and COPY --from=outside, or build from a folder further up.`;
}

const EXCEPTION = 'add an exception "!…" below that line to let it through.';

function hint(found: {
  nearest: string | undefined;
  existing: string;
  hiddenBy: string | undefined;
}): string | undefined {
  const { nearest, hiddenBy } = found;
  // What is hidden is not seen: whether it is there, only the user knows.
  if (nearest && hiddenBy)
    return `Did you mean "${nearest}"? If it is spelt right, it is hidden by ${hiddenBy}; ${EXCEPTION}`;
  if (hiddenBy) return `It is hidden by ${hiddenBy}; ${EXCEPTION}`;
  if (nearest) return `Did you mean "${nearest}"?`;
  return found.existing ? `"${found.existing}" exists, but not what follows.` : undefined;
}

function placeOf({ text, range }: PatternSource): string {
  return range ? `${range.file}:${range.start.line} (${text})` : `the pattern ${text}`;
}
