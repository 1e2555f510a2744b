import { fixOf, insertBehind } from '../fix/run-edits.ts';
import type { Rule } from '../rule.ts';
import { flagValue } from '../subject/command-line.ts';
import { hasFlag, runCommands } from '../subject/steps.ts';

const SMALL = 99_999;

/** /var/log/lastlog has an entry for each user id up to the largest: its size grows with the number, and layers are not sparse. */
export const useraddLargeUid: Rule = {
  name: 'useradd-large-uid',
  family: 'practice',
  severity: 'warning',
  level: 'default',
  summary: 'useradd with a large id writes log files of gigabytes',
  hadolint: ['DL3046'],

  *check(subject) {
    for (const { command, step } of runCommands(subject)) {
      const id = command.name === 'useradd' ? flagValue(command, '-u', '--uid') : undefined;
      if (!id || hasFlag(command, '-l', '--no-log-init') || !(Number(id.text) > SMALL)) continue;
      yield {
        message: `useradd writes an entry for each id up to ${id.text} into /var/log/lastlog.`,
        range: subject.text.rangeOf(id.start, id.end),
        hint: 'Add --no-log-init.',
        fix: fixOf('Add --no-log-init', 'safe', insertBehind(step, command.nameWord, ' --no-log-init')),
      };
    }
  },
};
