import type { StageSource } from '../stage/split-stages.ts';
import type { FindingSink, Rule } from './rule.ts';
import { finding } from './rule.ts';

const RESERVED_NAMES: ReadonlySet<string> = new Set(['context', 'scratch']);
const RESERVED: Rule = { name: 'ReservedStageName', page: 'reserved-stage-name' };
const DUPLICATE: Rule = { name: 'DuplicateStageName', page: 'duplicate-stage-name' };

/** Names that mean something else, and names given twice. */
export function checkStageNames(stages: readonly StageSource[], sink: FindingSink): void {
  const seen = new Set<string>();
  for (const { from } of stages) {
    const name = from.stageName?.text.toLowerCase();
    if (name === undefined) continue;
    if (RESERVED_NAMES.has(name)) {
      const message = `Stage name should not use the same name as reserved stage ${JSON.stringify(name)}`;
      sink.report(finding(RESERVED, message, from.range));
    }
    if (seen.has(name)) {
      const message = `Duplicate stage name ${JSON.stringify(name)}, stage names should be unique`;
      sink.report(finding(DUPLICATE, message, from.range));
    }
    seen.add(name);
  }
}
