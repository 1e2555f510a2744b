import type { Rule } from '../rule.ts';
import { hasFlag, runCommands } from '../subject/steps.ts';

/** Every script of the distribution that asks for sh then gets another shell. */
export const shellBySymlink: Rule = {
  name: 'shell-by-symlink',
  family: 'practice',
  severity: 'warning',
  level: 'default',
  summary: '/bin/sh is replaced where SHELL would choose a shell for the build',
  hadolint: ['DL4005'],

  *check(subject) {
    for (const { command } of runCommands(subject)) {
      const target = command.args.at(-1)?.text;
      if (target === undefined || !/^(?:\/usr)?\/bin\/sh$/.test(target)) continue;
      // Without -f a link is made only where nothing is.
      if (command.name !== 'rm' && !(command.name === 'ln' && hasFlag(command, '-f', '--force'))) continue;
      yield {
        message: `${command.name} replaces /bin/sh for every program of the image.`,
        range: subject.text.rangeOf(command.start, command.end),
        hint: 'Write SHELL ["/bin/bash", "-c"] and leave the file as it is.',
      };
    }
  },
};
