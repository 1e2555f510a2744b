import { appendCommand, fixOf } from '../fix/run-edits.ts';
import type { Rule } from '../rule.ts';
import { isMountedAway } from '../subject/mounts.ts';
import { callsIn } from '../subject/package-managers.ts';
import { stepsOf } from '../subject/steps.ts';

/** What npm downloaded stays in ~/.npm, beside what it installed. */
export const npmCacheLeft: Rule = {
  name: 'npm-cache-left',
  family: 'practice',
  severity: 'info',
  level: 'default',
  summary: 'npm leaves its downloads in the image',

  *check(subject) {
    for (const { step, stage } of stepsOf(subject, 'RUN')) {
      const calls = callsIn(step).filter(({ manager }) => manager.name === 'npm');
      const install = calls.find(({ action }) => action === 'install');
      if (!stage.isShipped || !install?.verb || calls.some(({ action }) => action === 'clean')) continue;
      if (isMountedAway(step.instruction, /npm|cache|^\/root$|\$/) || step.variables.has('npm_config_cache')) continue;
      if (/\.npm|--cache|_cacache|cache rm/.test(subject.text.slice(step.instruction.range))) continue;
      yield {
        message: `npm ${install.verb.text} keeps its downloads in this layer.`,
        range: subject.text.rangeOf(install.verb.start, install.verb.end),
        hint: 'End the RUN with npm cache clean --force, or mount a cache at /root/.npm.',
        fix: fixOf('Clean the cache in the same RUN', 'safe', appendCommand(subject, step, 'npm cache clean --force')),
      };
    }
  },
};
