import type { Rule } from '../rule.ts';
import { runCommands } from '../subject/steps.ts';

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
      const isLink = command.name === 'ln' && target !== undefined && /^(?:\/usr)?\/bin\/sh$/.test(target);
      if (!isLink && !(command.name === 'rm' && target === '/bin/sh')) continue;
      yield {
        message: `${command.name} replaces /bin/sh for every program of the image.`,
        range: subject.text.rangeOf(command.start, command.end),
        hint: 'Write SHELL ["/bin/bash", "-c"] and leave the file as it is.',
      };
    }
  },
};
