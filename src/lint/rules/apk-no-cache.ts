import { fixOf, insertBehind } from '../fix/run-edits.ts';
import type { Rule } from '../rule.ts';
import { isMountedAway } from '../subject/mounts.ts';
import { packageCalls } from '../subject/package-managers.ts';
import { hasFlag } from '../subject/steps.ts';

/** The index of the repositories stays in /var/cache/apk. */
export const apkNoCache: Rule = {
  name: 'apk-no-cache',
  family: 'practice',
  severity: 'info',
  level: 'default',
  summary: 'apk add leaves the index of its repositories in the image',
  hadolint: ['DL3019'],

  *check(subject) {
    for (const { call, step, stage } of packageCalls(subject, 'apk')) {
      const { verb, command, action, packages } = call;
      if (!stage.isShipped || !verb || action !== 'install' || packages.length === 0) continue;
      if (
        hasFlag(command, '--no-cache', '--no-network', '--cache-dir', '--root') ||
        isMountedAway(step.instruction, /\/apk$/)
      )
        continue;
      if (step.commands.some(({ args }) => args.some(({ text }) => /\/(?:var\/cache|etc)\/(?:apk|\*)/.test(text))))
        continue;
      yield {
        message: 'apk add without --no-cache leaves an index that nothing reads again.',
        range: subject.text.rangeOf(verb.start, verb.end),
        hint: 'Write apk add --no-cache; apk update is then not needed either.',
        fix: fixOf('Add --no-cache', 'safe', insertBehind(step, verb, ' --no-cache')),
      };
    }
  },
};
