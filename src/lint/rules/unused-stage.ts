import type { Rule } from '../rule.ts';

/** Strict: a stage may be there for --target. */
export const unusedStage: Rule = {
  name: 'unused-stage',
  family: 'practice',
  severity: 'info',
  level: 'strict',
  summary: 'A stage is part of nothing that the last one is made of',

  *check({ stages }) {
    for (const { isNeeded, name, index, from } of stages) {
      if (isNeeded) continue;
      yield {
        message: `The stage ${name ?? index} is built only when --target names it.`,
        range: from.range,
        hint: 'Remove it where nobody does.',
      };
    }
  },
};
