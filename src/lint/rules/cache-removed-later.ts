import { type ShellCommand, wrappedCommand } from '../../shell/shell-command.ts';
import type { Rule } from '../rule.ts';
import { callsIn } from '../subject/package-managers.ts';
import { stepsIn } from '../subject/steps.ts';

const CACHES = /^\/var\/(?:lib\/apt\/lists|cache\/(?:apt|apk|dnf|yum|zypp|libdnf5?))(?:\/|$)/;

/** The layer that made the cache keeps it; only the same RUN can leave it out. */
export const cacheRemovedLater: Rule = {
  name: 'cache-removed-later',
  family: 'practice',
  severity: 'warning',
  level: 'default',
  summary: "A package manager's cache is removed in another layer than it was made, and so stays in the image",

  *check(subject) {
    for (const stage of subject.stages) {
      if (!stage.isShipped) continue;
      for (const step of stepsIn(stage, 'RUN')) {
        const calls = callsIn(step);
        const isMakingCaches = calls.some(({ action }) => ['install', 'refresh', 'upgrade'].includes(action));
        const earlier = stepsIn(stage, 'RUN').filter((other) => stage.steps.indexOf(other) < stage.steps.indexOf(step));
        const isMadeAbove = earlier.some((other) =>
          callsIn(other).some(({ action }) => action === 'install' || action === 'refresh'),
        );
        const command =
          step.commands.map(wrappedCommand).find(removesCache) ??
          calls.find(({ action, manager }) => action === 'clean' && /^(?:apt|dnf|zypper)$/.test(manager.name))?.command;
        if (!command || isMakingCaches || !isMadeAbove) continue;
        // A script may have installed something here as well.
        if (step.commands.some(({ name }) => /\.sh$|^[./]|\$/.test(name))) continue;
        yield {
          message: 'The layers above keep the caches that are removed here.',
          range: subject.text.rangeOf(command.start, command.end),
          hint: 'Remove them at the end of the RUN that installs.',
        };
      }
    }
  },
};

function removesCache({ name, args }: ShellCommand): boolean {
  return name === 'rm' && args.some(({ text }) => CACHES.test(text));
}
