import { wrappedCommand } from '../../shell/shell-command.ts';
import type { Rule } from '../rule.ts';
import { stepsOf } from '../subject/steps.ts';

/** All processes of a step end with it: what is started there does not run in the container. */
export const serviceStartedInRun: Rule = {
  name: 'service-started-in-run',
  family: 'practice',
  severity: 'warning',
  level: 'default',
  summary: 'A service is started in a build step, at whose end it is gone',
  hadolint: ['DL3001'],

  *check(subject) {
    for (const { step } of stepsOf(subject, 'RUN')) {
      const commands = step.commands.map(wrappedCommand);
      const last = commands.at(-1);
      for (const command of commands) {
        const [first, second] = command.args.map(({ text }) => text);
        const isSystemd = command.name === 'systemctl' && /^(?:start|restart|reload|status)$/.test(first ?? '');
        // In the middle it may serve what follows in the same RUN: a database that is filled.
        const isService =
          command.name === 'service' && /^(?:start|restart|reload)$/.test(second ?? '') && command === last;
        if (!isSystemd && !isService) continue;
        const what = (isSystemd ? second : first) ?? 'it';
        yield {
          message: `${command.name} starts ${what} in a step that ends at once: it will not run in the container.`,
          range: subject.text.rangeOf(command.start, command.end),
          hint: 'Start it by CMD or ENTRYPOINT, one service a container.',
        };
      }
    }
  },
};
