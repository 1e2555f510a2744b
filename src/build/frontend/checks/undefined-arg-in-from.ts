import type { SourceRange } from '../../../diagnostics/source-range.ts';
import type { GlobalArgs } from '../stage/global-args.ts';
import { didYouMean } from './did-you-mean.ts';
import type { FindingSink, Rule } from './rule.ts';
import { finding } from './rule.ts';

const RULE: Rule = { name: 'UndefinedArgInFrom', page: 'undefined-arg-in-from' };

interface UnsetNames {
  readonly names: Iterable<string>;
  readonly range: SourceRange;
}

/** A variable of FROM that no ARG in front of the first FROM declares. */
export function reportUndefinedArgsInFrom(
  unset: UnsetNames,
  scope: FindingSink & { readonly globalArgs: GlobalArgs },
): void {
  const known = new Set([...scope.globalArgs.declared, ...scope.globalArgs.values.names()]);
  for (const name of unset.names) {
    if (known.has(name)) continue;
    const meant = didYouMean(name, known);
    const suggestion = meant === undefined ? '' : ` (did you mean ${meant}?)`;
    scope.report(finding(RULE, `FROM argument '${name}' is not declared${suggestion}`, unset.range));
  }
}
