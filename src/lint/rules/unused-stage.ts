import type { Rule } from '../rule.ts';
import type { LintStage } from '../subject/lint-subject.ts';
import { sourcesOf } from '../subject/stage-use.ts';

/** Strict: a stage may be there for --target. */
export const unusedStage: Rule = {
  name: 'unused-stage',
  family: 'practice',
  severity: 'info',
  level: 'strict',
  summary: 'A stage is part of nothing that the last one is made of',

  *check({ stages }) {
    for (const stage of stages) {
      // Of those that only unused ones are made of, the last says it for all.
      if (stage.isNeeded || stages.some((other) => other !== stage && mayUse(other, stage))) continue;
      yield {
        message: `The stage ${stage.name ?? stage.index} is built only when --target names it.`,
        range: stage.from.range,
        hint: 'Remove it where nobody does.',
      };
    }
  },
};

/** By FROM, COPY or a mount; a variable in the name may stand for anything. */
function mayUse({ from, steps, base }: LintStage, { name, index }: LintStage): boolean {
  if (base.kind === 'stage' && base.stage.index === index) return true;
  const named = [from.image.text, ...steps.flatMap(({ instruction }) => sourcesOf(instruction))];
  return named.some((text) => text === String(index) || (name !== undefined && namePattern(text).test(name)));
}

function namePattern(text: string): RegExp {
  const parts = text.toLowerCase().split(/\$(?:\w+|\{[^}]*\})/);
  return new RegExp(`^${parts.map((part) => part.replace(/[^\w-]/g, '\\$&')).join('.*')}$`);
}
