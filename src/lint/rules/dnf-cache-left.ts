import { appendCommand, fixOf } from '../fix/run-edits.ts';
import type { Rule } from '../rule.ts';
import { isMountedAway } from '../subject/mounts.ts';
import { callsIn } from '../subject/package-managers.ts';
import { stepsOf } from '../subject/steps.ts';

/** Metadata of the repositories, often more than what was installed. */
export const dnfCacheLeft: Rule = {
  name: 'dnf-cache-left',
  family: 'practice',
  severity: 'info',
  level: 'default',
  summary: 'dnf or yum leaves the metadata of its repositories in the image',
  hadolint: ['DL3032', 'DL3040'],

  *check(subject) {
    for (const { step, stage } of stepsOf(subject, 'RUN')) {
      const calls = callsIn(step).filter(({ manager }) => manager.name === 'dnf');
      const last = calls.findLast(({ action }) => action === 'install' || action === 'upgrade');
      if (!stage.isShipped || !last?.verb || calls.some(({ action }) => action === 'clean')) continue;
      if (isMountedAway(step.instruction, /\/var\/cache(?:\/(?:lib)?(?:dnf5?|yum))?$/)) continue;
      const isElsewhere = last.command.args.some(({ text }) => text.startsWith('--installroot'));
      if (isElsewhere || /\/var\/cache/.test(subject.text.slice(step.instruction.range))) continue;
      yield {
        message: `${last.command.name} ${last.verb.text} leaves its cache in this layer.`,
        range: subject.text.rangeOf(last.verb.start, last.verb.end),
        hint: `End the RUN with ${last.command.name} clean all.`,
        fix: fixOf('Clean up in the same RUN', 'safe', appendCommand(subject, step, `${last.command.name} clean all`)),
      };
    }
  },
};
