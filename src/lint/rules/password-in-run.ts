import { wrappedCommand } from '../../shell/shell-command.ts';
import type { Rule } from '../rule.ts';
import { flagValue } from '../subject/command-line.ts';
import { stepsOf } from '../subject/steps.ts';

/** Every container of the image has the same account with the same password. */
export const passwordInRun: Rule = {
  name: 'password-in-run',
  family: 'secret',
  severity: 'warning',
  level: 'default',
  summary: "A user's password is set by the Dockerfile, so that everybody who has the image knows it",

  *check(subject) {
    for (const { step } of stepsOf(subject, 'RUN')) {
      const commands = step.commands.map(wrappedCommand);
      for (const [index, command] of commands.entries()) {
        const source = commands[index - 1];
        const reads =
          command.name === 'chpasswd' ||
          (command.name === 'passwd' && command.args.some(({ text }) => text === '--stdin'));
        const isPiped = reads && command.before === '|' && source && /^(?:echo|printf)$/.test(source.name);
        const isLiteral = isPiped && source.args.at(-1)?.isLiteral === true;
        const flag = /^user(?:add|mod)$/.test(command.name) ? flagValue(command, '-p', '--password') : undefined;
        const isLocked = flag !== undefined && (!flag.isLiteral || /^[!*xX]*$/.test(flag.text));
        if (!isLiteral && (flag === undefined || isLocked)) continue;
        yield {
          message: `${command.name} gives a user a password that stands in the Dockerfile.`,
          range: subject.text.rangeOf((isLiteral && source ? source : command).start, command.end),
          hint: 'Leave the account without a password: a container needs no login.',
        };
      }
    }
  },
};
