import { appendCommand, fixOf } from '../fix/run-edits.ts';
import type { Rule } from '../rule.ts';
import { isMountedAway } from '../subject/mounts.ts';
import { callsIn } from '../subject/package-managers.ts';
import { stepsOf } from '../subject/steps.ts';

/** What yarn downloaded stays in its cache, beside what it installed. */
export const yarnCacheLeft: Rule = {
  name: 'yarn-cache-left',
  family: 'practice',
  severity: 'info',
  level: 'default',
  summary: 'yarn leaves its downloads in the image',
  hadolint: ['DL3060'],

  *check(subject) {
    for (const { step, stage } of stepsOf(subject, 'RUN')) {
      const calls = callsIn(step).filter(({ manager }) => manager.name === 'yarn');
      const install = calls.find(({ action }) => action === 'install');
      if (!stage.isShipped || !install || calls.some(({ action }) => action === 'clean')) continue;
      if (isMountedAway(step.instruction, /yarn|cache|^\/root$|\$/) || step.variables.has('YARN_CACHE_FOLDER'))
        continue;
      if (/\.cache|cache-folder|berry/.test(subject.text.slice(step.instruction.range))) continue;
      yield {
        message: `yarn install keeps its downloads in this layer.`,
        range: subject.text.rangeOf(install.command.start, install.command.end),
        hint: 'End the RUN with yarn cache clean, or mount a cache at /usr/local/share/.cache.',
        fix: fixOf('Clean the cache in the same RUN', 'safe', appendCommand(subject, step, 'yarn cache clean')),
      };
    }
  },
};
