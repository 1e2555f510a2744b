import type { Rule } from '../rule.ts';
import { runCommands, stepsOf } from '../subject/steps.ts';

const OPEN = /^(?:0?[0-7]?777|0?666|(?:a|ugo)?[+=]rwx|a[+=]w|o[+=]\w*w\w*|\+w)$/;

/** Whoever gets to run anything in the container can then replace the program or its configuration. */
export const chmod777: Rule = {
  name: 'chmod-777',
  family: 'practice',
  severity: 'warning',
  level: 'default',
  summary: 'Files are made writable for everybody',

  *check(subject) {
    for (const { command } of runCommands(subject)) {
      const mode = command.name === 'chmod' ? command.args.find(({ text }) => OPEN.test(text)) : undefined;
      // Directories that all share, as /tmp is.
      const isShared = command.args
        .slice(1)
        .every(({ text }) => /^-|^[0+a-z=]+$|^\/(?:var\/)?tmp\/?$|^\/dev\//.test(text));
      if (!mode || mode.text === '+w' || isShared || /^0?1777$/.test(mode.text)) continue;
      yield {
        message: `chmod ${mode.text} lets every user of the container change these files.`,
        range: subject.text.rangeOf(command.start, command.end),
        hint: 'Give them to the user who needs them (--chown), with mode 755 for directories and programs, 644 for the rest; where the user is any, as in OpenShift, to group 0 with g=u.',
      };
    }
    for (const { step } of stepsOf(subject, 'COPY', 'ADD')) {
      const flag = step.instruction.flags.find(({ name }) => name === 'chmod');
      if (!flag?.value || !OPEN.test(flag.value) || /^0?1777$/.test(flag.value)) continue;
      yield {
        message: `--chmod=${flag.value} lets every user of the container change these files.`,
        range: flag.range,
        hint: 'Use 755 for directories and programs, 644 for the rest, and --chown for who has to write.',
      };
    }
  },
};
