import { wrappedCommand } from '../../shell/shell-command.ts';
import type { Rule } from '../rule.ts';
import { stepsOf } from '../subject/steps.ts';

/** Whole steps in another directory: WORKDIR says so once, and is what the next reader looks for. */
export const cdInsteadOfWorkdir: Rule = {
  name: 'cd-instead-of-workdir',
  family: 'practice',
  severity: 'info',
  level: 'default',
  summary: 'A step begins with cd where WORKDIR would say it for all',
  hadolint: ['DL3003'],

  *check(subject) {
    for (const { step } of stepsOf(subject, 'RUN')) {
      const [first, ...rest] = step.commands;
      const [target] = first?.args ?? [];
      if (first?.name !== 'cd' || first.depth > 0 || !target?.isLiteral || first.args.length > 1) continue;
      const others = rest.map(wrappedCommand);
      const isOnly = others.length > 0 && others.every(({ name }) => name !== 'cd' && name !== 'pushd');
      // A directory that is used once and removed, or belongs to everybody, is no work directory.
      const isTemporary = /^\/(?:tmp|var\/tmp|root|)(?:\/|$)/.test(target.text) || /^(?:\.\.?|-|~)/.test(target.text);
      const isRemoved = others.some(
        ({ name, args }) => name === 'rm' && args.some(({ text }) => text.replace(/\/$/, '') === target.text),
      );
      if (!isOnly || isTemporary || isRemoved) continue;
      yield {
        message: `The whole step runs in ${target.text}.`,
        range: subject.text.rangeOf(first.start, first.end),
        hint: `Write WORKDIR ${target.text} above; it counts for all that follows.`,
      };
    }
  },
};
