import { fixOf, insertBehind } from '../fix/run-edits.ts';
import type { Rule } from '../rule.ts';
import { isMountedAway } from '../subject/mounts.ts';
import { packageCalls } from '../subject/package-managers.ts';
import { hasFlag } from '../subject/steps.ts';

/** pip keeps what it downloaded and the wheels it built. */
export const pipNoCache: Rule = {
  name: 'pip-no-cache',
  family: 'practice',
  severity: 'info',
  level: 'default',
  summary: 'pip leaves its downloads and wheels in the image',
  hadolint: ['DL3042'],

  *check(subject) {
    for (const { call, step, stage } of packageCalls(subject, 'pip')) {
      const { verb, command, action } = call;
      if (!stage.isShipped || !verb || action !== 'install') continue;
      if (hasFlag(command, '--no-cache-dir', '--cache-dir', '--no-index', '--dry-run')) continue;
      if (step.variables.has('PIP_NO_CACHE_DIR') || step.variables.has('PIP_CACHE_DIR')) continue;
      if (isMountedAway(step.instruction, /pip|\.cache$|^\/root$|\$/)) continue;
      if (/PIP_NO_CACHE_DIR|\.cache|pip3? cache purge/.test(subject.text.slice(step.instruction.range))) continue;
      yield {
        message: `${command.name} install without --no-cache-dir keeps its downloads in this layer.`,
        range: subject.text.rangeOf(verb.start, verb.end),
        hint: 'Add --no-cache-dir, or mount a cache: RUN --mount=type=cache,target=/root/.cache/pip.',
        fix: fixOf('Add --no-cache-dir', 'safe', insertBehind(step, verb, ' --no-cache-dir')),
      };
    }
  },
};
