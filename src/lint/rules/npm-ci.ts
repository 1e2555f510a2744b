import { fixOf, replaceWord } from '../fix/run-edits.ts';
import type { Rule } from '../rule.ts';
import type { LintStage, LintStep } from '../subject/lint-subject.ts';
import { packageCalls } from '../subject/package-managers.ts';
import { stepsIn } from '../subject/steps.ts';

/** npm install may change the lock file it is given; npm ci takes it as it stands or fails. */
export const npmCi: Rule = {
  name: 'npm-ci',
  family: 'practice',
  severity: 'info',
  level: 'default',
  summary: 'npm install does not hold itself to the lock file that is there',

  *check(subject) {
    for (const { call, step, stage } of packageCalls(subject, 'npm')) {
      const { verb, packages, command } = call;
      if (!verb || !/^(?:install|i)$/.test(verb.text) || packages.length > 0 || !hasLockFile(stage, step)) continue;
      if (
        command.args.some(({ text }) => /^(?:-g|--global|--location|--no-package-lock|--package-lock-only)/.test(text))
      )
        continue;
      yield {
        message: 'npm install may take other versions than package-lock.json says.',
        range: subject.text.rangeOf(verb.start, verb.end),
        hint: 'Call npm ci: it takes exactly those, and is faster.',
        fix: fixOf('Call npm ci', 'suggested', replaceWord(step, verb, 'ci')),
      };
    }
  },
};

/** It was copied by its name, in this stage and above. */
function hasLockFile(stage: LintStage, step: LintStep): boolean {
  const above = stage.steps.indexOf(step);
  return stepsIn(stage, 'COPY', 'ADD').some(
    (copy) =>
      stage.steps.indexOf(copy) < above &&
      copy.instruction.sources.some(({ text }) => /(?:^|\/)(?:package-lock|npm-shrinkwrap)\.json$/.test(text)),
  );
}
