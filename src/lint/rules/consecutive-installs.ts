import { joinRuns } from '../fix/join-runs.ts';
import { fixOf } from '../fix/run-edits.ts';
import type { Rule } from '../rule.ts';
import type { LintStep } from '../subject/lint-subject.ts';
import { callsIn } from '../subject/package-managers.ts';
import { stepsIn } from '../subject/steps.ts';

/** Two layers with two copies of the package database, and two loads of the lists, where one would do. */
export const consecutiveInstalls: Rule = {
  name: 'consecutive-installs',
  family: 'practice',
  severity: 'info',
  level: 'default',
  summary: 'Two RUNs in a row install packages of the same distribution',
  hadolint: ['DL3059'],

  *check(subject) {
    for (const stage of subject.stages) {
      const runs = stage.isShipped ? stepsIn(stage, 'RUN') : [];
      for (const [index, step] of runs.entries()) {
        const above = runs[index - 1];
        if (!above || stage.steps.indexOf(above) + 1 !== stage.steps.indexOf(step)) continue;
        const manager = installerOf(step);
        if (manager === undefined || installerOf(above) !== manager) continue;
        yield {
          message: `The RUN above installs packages with ${manager} too.`,
          range: step.instruction.keywordRange,
          hint: 'Install all of them in one RUN.',
          fix: fixOf('Join it with the RUN above', 'suggested', joinRuns(subject, above, step)),
        };
      }
    }
  },
};

/** The manager of a RUN that does nothing but manage packages. */
function installerOf(step: LintStep): string | undefined {
  const calls = callsIn(step);
  const [first] = calls;
  if (!first || !/^(?:apt|apk|dnf|zypper)$/.test(first.manager.name)) return undefined;
  const isPure = step.commands.every(
    ({ name }) =>
      name === 'rm' || name === 'set' || calls.some(({ command }) => command.name === name || name === 'sudo'),
  );
  return isPure && calls.some(({ action }) => action === 'install') ? first.manager.name : undefined;
}
