import { wrappedCommand } from '../../shell/shell-command.ts';
import type { Rule } from '../rule.ts';
import { type BaseTraits, baseTraits } from '../subject/base-traits.ts';
import { lineageSteps } from '../subject/lineage.ts';
import type { LintStage } from '../subject/lint-subject.ts';
import { stepsIn } from '../subject/steps.ts';

/** A health check that calls what is not there fails each time, and the container is unhealthy for ever. */
export const healthcheckProgramMissing: Rule = {
  name: 'healthcheck-program-missing',
  family: 'production',
  severity: 'error',
  level: 'default',
  summary: 'HEALTHCHECK calls a program that the image does not have',

  *check(subject) {
    for (const stage of subject.stages) {
      const base = baseTraits(stage.rootBase);
      for (const step of base ? stepsIn(stage, 'HEALTHCHECK') : []) {
        for (const command of step.commands.map(wrappedCommand)) {
          const { name, start, end } = command;
          if (!base || !isMissing(name, base) || isBrought(stage, name)) continue;
          yield {
            message: `HEALTHCHECK calls ${name}, which ${base.title} does not have and no step installs.`,
            range: subject.text.rangeOf(start, end),
            hint:
              base.hasShell === false
                ? 'Let the program check itself (["/app", "healthcheck"]), or leave the check to the orchestrator.'
                : base.hasWget && name === 'curl'
                  ? 'Use wget -q -O /dev/null, which the image has, or install curl.'
                  : `Install ${name}, or let the program check itself.`,
          };
        }
      }
    }
  },
};

function isMissing(name: string, base: BaseTraits): boolean {
  switch (name.slice(name.lastIndexOf('/') + 1)) {
    case 'curl':
      return base.hasCurl === false;
    case 'wget':
      return base.hasWget === false;
    case 'bash':
      return base.hasBash === false;
    case 'sh':
    case 'nc':
    case 'pgrep':
      return base.hasShell === false;
    default:
      return false;
  }
}

/** By a package, a copy, a download, or a script that may do either. */
function isBrought(stage: LintStage, name: string): boolean {
  const program = name.slice(name.lastIndexOf('/') + 1);
  return lineageSteps(stage, 'RUN', 'COPY', 'ADD').some(({ step }) => {
    const { instruction } = step;
    if (instruction.kind !== 'RUN')
      return instruction.original.includes(program) || /\s\/(?:usr\/|bin|$)/.test(instruction.original);
    if (new RegExp(`\\b${program}\\b`).test(instruction.original) || instruction.command.form === 'exec') return true;
    // Packages named by a variable or in a file, or a script of the project's own.
    return /\$|xargs|\.sh\b|make\b/.test(instruction.original);
  });
}
