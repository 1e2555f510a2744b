import type { ShellCommand } from '../../shell/shell-command.ts';
import { wrappedCommand } from '../../shell/shell-command.ts';
import type { Fix } from '../finding.ts';
import { fixOf, insertBefore } from '../fix/run-edits.ts';
import type { Rule } from '../rule.ts';
import { distributionOf } from '../subject/distribution.ts';
import type { LintStage, LintStep, LintSubject } from '../subject/lint-subject.ts';
import { failsOnShortInput, pipeReader } from '../subject/pipe-reader.ts';
import { stepsIn } from '../subject/steps.ts';

/** Programs whose failure matters: what they should have made is missing or cut short behind the pipe. */
const MATTERS =
  /^(?:curl|wget|git|go|make|cargo|npm|yarn|tar|gpg|openssl|mysqldump|pg_dump|cmake|mvn|gradle|docker|aws|gsutil|xz|gunzip|zcat|unzip)$/;

/** A shell looks at the last program of a pipe only. */
export const pipeWithoutPipefail: Rule = {
  name: 'pipe-without-pipefail',
  family: 'practice',
  severity: 'info',
  level: 'default',
  summary: 'The failure of a program in front of a pipe goes unnoticed',
  hadolint: ['DL4006'],

  *check(subject) {
    for (const stage of subject.stages) {
      let isFirst = true;
      for (const step of stepsIn(stage, 'RUN')) {
        const command = hasPipefail(step) ? undefined : pipedCommand(step.commands);
        if (!command) continue;
        yield {
          message: `When ${command.name} fails, the pipe behind it hides that, and the step goes on.`,
          range: subject.text.rangeOf(command.start, command.end),
          hint: 'Write SHELL ["/bin/bash", "-o", "pipefail", "-c"] above, or set -o pipefail where the shell knows it.',
          fix: isFirst ? shellFix(subject, stage, step) : undefined,
        };
        isFirst = false;
      }
    }
  },
};

function hasPipefail({ shell = [], instruction }: LintStep): boolean {
  const documents =
    instruction.kind === 'RUN' && instruction.command.form === 'shell' ? instruction.command.heredocs : [];
  return [...shell, instruction.original, ...documents.map(({ content }) => content)].some((text) =>
    text.includes('pipefail'),
  );
}

function pipedCommand(commands: readonly ShellCommand[]): ShellCommand | undefined {
  const piped = commands.map(wrappedCommand).filter((command, index) => {
    const reader = pipeReader(commands, index);
    // A tar that fails may still have written a whole archive.
    return reader && (command.name === 'tar' || !failsOnShortInput(reader)) && !isInArgument(command, commands);
  });
  return piped.find(({ name }) => MATTERS.test(name));
}

/** `a $(b | c)`: whatever the pipe ends with, a does not see it. */
function isInArgument({ start, end }: ShellCommand, commands: readonly ShellCommand[]): boolean {
  return commands.some((other) => other.name !== '' && other.start < start && end < other.end);
}

/** Before the first RUN that needs it; nothing where SHELL is set already or the shells of the base are not known. */
function shellFix(subject: LintSubject, stage: LintStage, { shell, instruction }: LintStep): Fix | undefined {
  const distribution = distributionOf(stage);
  if (shell || distribution === undefined) return undefined;
  const program = distribution === 'alpine' ? '/bin/ash' : '/bin/bash';
  return fixOf(
    'Set a shell with pipefail',
    'suggested',
    insertBefore(subject, instruction, `SHELL ["${program}", "-o", "pipefail", "-c"]`),
  );
}
