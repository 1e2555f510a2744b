import { fixOf, removeInstruction } from '../fix/run-edits.ts';
import type { Rule } from '../rule.ts';
import { parseArgs } from '../subject/command-line.ts';
import { absolutePath } from '../subject/destination-paths.ts';
import { stepsIn } from '../subject/steps.ts';

/** WORKDIR makes the directory and those above it. */
export const mkdirBeforeWorkdir: Rule = {
  name: 'mkdir-before-workdir',
  family: 'practice',
  severity: 'info',
  level: 'default',
  summary: 'A RUN makes the directory that WORKDIR would make',

  *check(subject) {
    for (const stage of subject.stages) {
      for (const step of stepsIn(stage, 'RUN')) {
        const [command, ...more] = step.commands;
        const next = stage.steps[stage.steps.indexOf(step) + 1];
        if (command?.name !== 'mkdir' || more.length > 0 || next?.instruction.kind !== 'WORKDIR') continue;
        const { operands, flags } = parseArgs(command);
        const [target] = operands;
        if (!target || operands.length > 1 || flags.some(({ text }) => !/^-[pv]+$|^--parents$/.test(text))) continue;
        const path = absolutePath(target.text, step);
        if (path === undefined || path !== absolutePath(next.instruction.path.text, next)) continue;
        const isRoot = step.user === undefined || /^(?:root|0)(?::|$)/.test(step.user);
        yield {
          message: `WORKDIR ${next.instruction.path.text} makes the directory itself.`,
          range: step.instruction.range,
          hint: 'Leave the RUN out: it costs a layer.',
          fix: isRoot ? fixOf('Remove the RUN', 'suggested', removeInstruction(subject, step.instruction)) : undefined,
        };
      }
    }
  },
};
