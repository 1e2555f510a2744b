import type { Rule } from '../rule.ts';
import { lineageSteps } from '../subject/lineage.ts';
import type { LintStage } from '../subject/lint-subject.ts';
import { PRETENDED } from '../subject/package-managers.ts';
import { hasFlag, runCommands, subcommand } from '../subject/steps.ts';

/** apt installs what packages recommend unless told not to; most of it is of no use in an image. */
export const aptNoRecommends: Rule = {
  name: 'apt-no-recommends',
  family: 'practice',
  severity: 'info',
  level: 'default',
  summary: 'apt-get install brings recommended packages that nobody asked for',
  hadolint: ['DL3015'],

  *check(subject) {
    for (const { command, stage } of runCommands(subject)) {
      if ((command.name !== 'apt-get' && command.name !== 'apt') || isTurnedOff(stage)) continue;
      if (command.args.some(({ text }) => PRETENDED.test(text))) continue;
      const install = command.args.find(({ text }) => text === 'install');
      if (!install || subcommand(command) !== 'install' || hasFlag(command, '--no-install-recommends')) continue;
      if (command.args.some(({ text }) => /APT::Install-Recommends/i.test(text))) continue;
      yield {
        message: `${command.name} install also brings the packages that the named ones only recommend.`,
        range: subject.text.rangeOf(install.start, install.end),
        hint: 'Add --no-install-recommends, and name what is really needed.',
        fix: {
          title: 'Add --no-install-recommends',
          safety: 'suggested',
          edits: install.isLiteral ? [{ start: install.end, end: install.end, text: ' --no-install-recommends' }] : [],
        },
      };
    }
  },
};

/** A file of apt's settings is written that leaves them out; it counts from wherever it stands. */
function isTurnedOff(stage: LintStage): boolean {
  return lineageSteps(stage, 'RUN', 'COPY').some(({ step }) =>
    /APT::Install-Recommends\W{1,6}(?:false|no|0)/i.test(step.instruction.original),
  );
}
