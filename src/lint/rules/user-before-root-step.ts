import type { Rule } from '../rule.ts';
import { isRoot } from '../subject/image-user.ts';
import { stepsOf } from '../subject/steps.ts';

const PACKAGE_MANAGERS: ReadonlySet<string> = new Set(['apt-get', 'apt', 'apk', 'dnf', 'yum', 'microdnf']);
const ROOTS_OWN: ReadonlySet<string> = new Set([
  ...['useradd', 'adduser', 'groupadd', 'addgroup', 'usermod', 'setcap', 'update-ca-certificates', 'chown'],
]);

/** Installing packages, adding users and giving files away are for root. */
export const userBeforeRootStep: Rule = {
  name: 'user-before-root-step',
  family: 'production',
  severity: 'error',
  level: 'default',
  summary: 'A step that only root can do comes after USER',

  *check(subject) {
    for (const { step } of stepsOf(subject, 'RUN')) {
      const [user = ''] = (step.user ?? '').split(':');
      if (user === '' || user.includes('$') || isRoot(user)) continue;
      // Not behind sudo: the command's own name is looked at.
      const command = step.commands.find(
        ({ name, args }) =>
          (PACKAGE_MANAGERS.has(name) && args.some(({ text }) => /^(?:install|add|update|upgrade|-y)$/.test(text))) ||
          (ROOTS_OWN.has(name) && !(name === 'chown' && args.some(({ text }) => text.includes(user)))),
      );
      if (!command) continue;
      yield {
        message: `${command.name} needs root, and runs as ${user} here.`,
        range: subject.text.rangeOf(command.start, command.end),
        hint: 'Put USER behind the last step that needs root.',
      };
    }
  },
};
