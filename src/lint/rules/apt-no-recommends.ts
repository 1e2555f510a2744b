import type { Rule } from '../rule.ts';
import { hasFlag, runCommands, subcommand } from '../subject/steps.ts';

/** apt installs what packages recommend unless told not to; most of it is of no use in an image. */
export const aptNoRecommends: Rule = {
  name: 'apt-no-recommends',
  family: 'practice',
  severity: 'info',
  level: 'default',
  summary: 'apt-get install brings recommended packages that nobody asked for',
  hadolint: ['DL3015'],

  *check(subject) {
    for (const { command } of runCommands(subject)) {
      if (command.name !== 'apt-get' && command.name !== 'apt') continue;
      const install = command.args.find(({ text }) => text === 'install');
      if (!install || subcommand(command) !== 'install' || hasFlag(command, '--no-install-recommends')) continue;
      if (command.args.some(({ text }) => /APT::Install-Recommends/i.test(text))) continue;
      yield {
        message: `${command.name} install also brings the packages that the named ones only recommend.`,
        range: subject.text.rangeOf(install.start, install.end),
        hint: 'Add --no-install-recommends, and name what is really needed.',
        fix: {
          title: 'Add --no-install-recommends',
          safety: 'suggested',
          edits: install.isLiteral ? [{ start: install.end, end: install.end, text: ' --no-install-recommends' }] : [],
        },
      };
    }
  },
};
