import type { SourceRange } from '../../../diagnostics/source-range.ts';
import type { StageState } from '../stage/stage-state.ts';
import { didYouMean } from './did-you-mean.ts';
import type { FindingSink, Rule } from './rule.ts';
import { finding } from './rule.ts';

const RULE: Rule = { name: 'UndefinedVar', page: 'undefined-var' };

/** Read by the builder, so that using them without ARG is right. */
const BUILDER_ARGS = new Set(['BUILDKIT_SBOM_SCAN_CONTEXT', 'BUILDKIT_SBOM_SCAN_STAGE']);

interface UnsetNames {
  readonly names: Iterable<string>;
  readonly range: SourceRange;
}

/** Variables that have no value and that no ARG of the stage declared. */
export function reportUndefinedVariables(state: StageState, unset: UnsetNames, sink: FindingSink): void {
  const declared = new Set(state.buildArgs.map((arg) => arg.name));
  for (const name of unset.names) {
    if (declared.has(name) || BUILDER_ARGS.has(name)) continue;
    const meant = didYouMean(name, state.env.names());
    const suggestion = meant === undefined ? '' : ` (did you mean $${meant}?)`;
    sink.report(finding(RULE, `Usage of undefined variable '$${name}'${suggestion}`, unset.range));
  }
}
