import type { ShellCommand } from '../../shell/shell-command.ts';
import { wrappedCommand } from '../../shell/shell-command.ts';
import type { TextEdit } from '../finding.ts';
import { fixOf, hasPlaces } from '../fix/run-edits.ts';
import type { Rule } from '../rule.ts';
import type { LintStep, LintSubject } from '../subject/lint-subject.ts';
import { stepsOf } from '../subject/steps.ts';

/** Programs that nobody calls without wanting them to succeed. */
const MATTERS =
  /^(?:apt-get|apt|apk|yum|dnf|microdnf|zypper|pip3?|npm|yarn|gem|go|make|cmake|cargo|curl|wget|git|cd|tar|unzip|mvn|gradle|composer|bundle|\.\/configure)$/;

/** `a; b` goes on when a has failed, and the step succeeds with b. */
export const failureIgnored: Rule = {
  name: 'failure-ignored',
  family: 'practice',
  severity: 'warning',
  level: 'default',
  summary: 'Behind a semicolon the step goes on although a command has failed',

  *check(subject) {
    for (const { step } of stepsOf(subject, 'RUN')) {
      const { commands, instruction, shell } = step;
      const isDocument = instruction.command.form === 'shell' && instruction.command.heredocs.length > 0;
      if (isDocument || stopsAtFailure(commands) || shell?.slice(1).some((flag) => /^-\w*e/.test(flag))) continue;
      for (const [index, next] of commands.entries()) {
        const command = commands[index - 1];
        if (!command || next.before !== ';' || command.depth > 0 || next.depth > 0) continue;
        const { name } = wrappedCommand(command);
        // Behind || or a pipe the list as a whole may have been allowed to fail.
        if (!MATTERS.test(name) || command.before === '||' || command.before === '|' || isPardon(next)) continue;
        yield {
          message: `When ${name} fails, the step goes on with ${next.name || 'what follows'}.`,
          range: subject.text.rangeOf(command.start, command.end),
          hint: 'Write && in place of the semicolon, or begin with set -e;.',
          fix: fixOf('Write &&', 'suggested', semicolonEdit(subject, step, command, next)),
        };
      }
    }
  },
};

/** `; true`, `; exit 0`: the failure is allowed, in so many words. */
function isPardon({ name, args: [code] }: ShellCommand): boolean {
  return name === 'true' || name === ':' || (name === 'exit' && code?.text === '0');
}

function stopsAtFailure(commands: readonly ShellCommand[]): boolean {
  return commands.some(
    ({ name, args }) => name === 'set' && args.some(({ text }) => /^-\w*e|^errexit$|^-$/.test(text)),
  );
}

function semicolonEdit(
  { text }: LintSubject,
  step: LintStep,
  command: ShellCommand,
  next: ShellCommand,
): readonly TextEdit[] | undefined {
  const between = text.text.slice(command.end, next.start);
  if (!hasPlaces(step) || !/^\s*;[\s\\]*$/.test(between)) return undefined;
  const start = command.end + between.indexOf(';');
  return [{ start, end: start + 1, text: between.startsWith(';') ? ' &&' : '&&' }];
}
