import { parseHeredocWord } from '../../dockerfile/heredoc.ts';
import { fixOf } from '../fix/run-edits.ts';
import type { Rule } from '../rule.ts';
import { stepsOf } from '../subject/steps.ts';

/** A document is a script: without -e only its last command decides whether the step failed. */
export const heredocWithoutSetE: Rule = {
  name: 'heredoc-without-set-e',
  family: 'practice',
  severity: 'warning',
  level: 'default',
  summary: 'The commands of a heredoc run on when one of them fails',

  *check(subject) {
    for (const { step } of stepsOf(subject, 'RUN')) {
      const { command } = step.instruction;
      const [document] = command.form === 'shell' ? command.heredocs : [];
      if (command.form !== 'shell' || !document || !parseHeredocWord(command.command.trim())) continue;
      if (document.content.startsWith('#!') || step.shell?.slice(1).some((flag) => /^-\w*e/.test(flag))) continue;
      const lines = step.commands.filter(
        ({ depth, before }) => depth === 0 && /^(?:start|newline|;|keyword)$/.test(before),
      );
      const isStopped = step.commands.some(
        ({ name, args }) => name === 'set' && args.some(({ text }) => /^-\w*e|^errexit$/.test(text)),
      );
      const fails = lines
        .slice(0, -1)
        .some(({ name }) => !/^(?:echo|printf|export|cd|true|:|)$/.test(name) || name === 'cd');
      const [first] = step.commands;
      if (lines.length < 2 || isStopped || !fails || !first) continue;
      const start = subject.text.offsetAt({ line: document.range.start.line, column: 1 });
      const indent = document.chomp ? (/^\t*/.exec(subject.text.line(document.range.start.line))?.[0] ?? '') : '';
      yield {
        message: `Of the ${lines.length} commands here only the last decides whether the step fails.`,
        range: step.instruction.keywordRange,
        hint: 'Begin the document with set -e.',
        fix: fixOf('Begin with set -e', 'suggested', [{ start, end: start, text: `${indent}set -e\n` }]),
      };
    }
  },
};
