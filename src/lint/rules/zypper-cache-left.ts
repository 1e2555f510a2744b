import { appendCommand, fixOf } from '../fix/run-edits.ts';
import type { Rule } from '../rule.ts';
import { isMountedAway } from '../subject/mounts.ts';
import { callsIn } from '../subject/package-managers.ts';
import { stepsOf } from '../subject/steps.ts';

/** Metadata of the repositories, which nothing reads at run time. */
export const zypperCacheLeft: Rule = {
  name: 'zypper-cache-left',
  family: 'practice',
  severity: 'info',
  level: 'default',
  summary: 'zypper leaves the metadata of its repositories in the image',
  hadolint: ['DL3036'],

  *check(subject) {
    for (const { step, stage } of stepsOf(subject, 'RUN')) {
      const calls = callsIn(step).filter(({ manager }) => manager.name === 'zypper');
      const last = calls.findLast(({ action }) => action === 'install' || action === 'upgrade');
      if (!stage.isShipped || !last?.verb || calls.some(({ action }) => action === 'clean')) continue;
      if (isMountedAway(step.instruction, /\/var\/cache(?:\/zypp)?$/)) continue;
      const isElsewhere = last.command.args.some(({ text }) => text.startsWith('--root'));
      if (isElsewhere || /\/var\/cache/.test(subject.text.slice(step.instruction.range))) continue;
      yield {
        message: `${last.command.name} ${last.verb.text} leaves its cache in this layer.`,
        range: subject.text.rangeOf(last.verb.start, last.verb.end),
        hint: `End the RUN with ${last.command.name} clean --all.`,
        fix: fixOf(
          'Clean up in the same RUN',
          'safe',
          appendCommand(subject, step, `${last.command.name} clean --all`),
        ),
      };
    }
  },
};
