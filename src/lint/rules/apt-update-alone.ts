import { joinRuns } from '../fix/join-runs.ts';
import { fixOf } from '../fix/run-edits.ts';
import type { Rule } from '../rule.ts';
import type { LintStage, LintStep } from '../subject/lint-subject.ts';
import { callsIn } from '../subject/package-managers.ts';
import { stepsIn } from '../subject/steps.ts';

/** The layer of the lists stays cached while the list of packages changes: an old list then asks for files that are gone. */
export const aptUpdateAlone: Rule = {
  name: 'apt-update-alone',
  family: 'practice',
  severity: 'warning',
  level: 'default',
  summary: 'Package lists are loaded in a RUN of their own and grow old in the cache',

  *check(subject) {
    for (const stage of subject.stages) {
      for (const step of stepsIn(stage, 'RUN')) {
        const calls = callsIn(step).filter(({ manager }) => manager.name === 'apt' || manager.name === 'apk');
        const [refresh] = calls;
        if (!refresh?.verb || !calls.every(({ action }) => action === 'refresh')) continue;
        const below = stage.steps[stage.steps.indexOf(step) + 1];
        const next = stepsIn(stage, 'RUN').find((other) => other === below);
        if (!laterInstalls(stage, step, refresh.manager.name)) continue;
        yield {
          message: `${refresh.command.name} ${refresh.verb.text} stands in a RUN of its own: the cache keeps its lists when packages are added below.`,
          range: subject.text.rangeOf(refresh.verb.start, refresh.verb.end),
          hint: 'Put update and install into one RUN.',
          fix: fixOf('Join it with the RUN below', 'suggested', next && joinRuns(subject, step, next)),
        };
      }
    }
  },
};

function laterInstalls({ steps }: LintStage, step: LintStep, manager: string): boolean {
  const later = steps
    .slice(steps.indexOf(step) + 1)
    .flatMap((other) => (other.instruction.kind === 'RUN' ? callsIn(other) : []));
  const [first] = later.filter((call) => call.manager.name === manager);
  return first?.action === 'install' || first?.action === 'upgrade';
}
