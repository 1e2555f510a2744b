import { fixOf, hasPlaces } from '../fix/run-edits.ts';
import type { Rule } from '../rule.ts';
import { stepsOf } from '../subject/steps.ts';

/** What only changes the shell that runs it. */
const SHELL_ONLY = new Set(['export', 'alias', 'unset', 'ulimit', 'umask', 'source', '.', 'set', 'shopt']);

/** Each RUN has a shell of its own: variables, aliases and limits end with it. */
export const exportWithoutEffect: Rule = {
  name: 'export-without-effect',
  family: 'practice',
  severity: 'warning',
  level: 'default',
  summary: 'A step only changes its own shell, which ends with it',

  *check(subject) {
    for (const { step } of stepsOf(subject, 'RUN')) {
      const { commands, instruction } = step;
      const [first] = commands;
      const isAll = commands.every(
        ({ name, redirections }) => (SHELL_ONLY.has(name) || name === '') && redirections.length === 0,
      );
      if (!first || !isAll || commands.some(({ name }) => name === '.' || name === 'source')) continue;
      const [pair] = first.args;
      const isPair =
        commands.length === 1 && first.name === 'export' && first.args.length === 1 && instruction.flags.length === 0;
      const assignment = isPair && hasPlaces(step) && pair ? subject.text.text.slice(pair.start, pair.end) : '';
      const { keywordRange, range } = instruction;
      const edit = {
        start: subject.text.offsetAt(keywordRange.start),
        end: subject.text.offsetAt(range.end),
        text: `ENV ${assignment}`,
      };
      yield {
        message: `${first.name || 'The assignment'} changes nothing but the shell of this step.`,
        range: subject.text.rangeOf(first.start, first.end),
        hint: 'Write ENV for a variable; anything else has to stand in the RUN that needs it.',
        fix: /^\w+=[^`(\\\n]+$/.test(assignment) ? fixOf('Write ENV', 'suggested', [edit]) : undefined,
      };
    }
  },
};
