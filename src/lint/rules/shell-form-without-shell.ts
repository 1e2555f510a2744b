import type { CommandLine } from '../../dockerfile/ast.ts';
import type { Fix } from '../finding.ts';
import type { Rule } from '../rule.ts';
import { baseTraits } from '../subject/base-traits.ts';
import { lineageSteps } from '../subject/lineage.ts';
import type { LintStage, LintStep, LintSubject } from '../subject/lint-subject.ts';
import { stepsOf } from '../subject/steps.ts';

/** The shell form is run by /bin/sh, which such an image does not have. */
export const shellFormWithoutShell: Rule = {
  name: 'shell-form-without-shell',
  family: 'production',
  severity: 'error',
  level: 'default',
  summary: 'A command in shell form stands in an image that has no shell',

  *check(subject) {
    for (const { step, stage } of stepsOf(subject, 'RUN', 'CMD', 'ENTRYPOINT', 'HEALTHCHECK')) {
      const { command, kind, keywordRange } = step.instruction;
      const base = baseTraits(stage.rootBase);
      if (!command || command.form === 'exec' || base?.hasShell !== false || step.shell || bringsShell(stage)) continue;
      if (kind === 'RUN' && step.instruction.flags.some(({ name }) => name === 'mount')) continue;
      yield {
        message: `${kind} in shell form needs /bin/sh, which ${base.title} does not have.`,
        range: keywordRange,
        hint:
          kind === 'RUN'
            ? 'Run it in a build stage and copy the result.'
            : 'Write it as a JSON array: ["/app", "serve"].',
        fix: execFix(subject, step, command),
      };
    }
  },
};

/** With a shell of somebody else, or whole trees, that may hold one. */
function bringsShell(stage: LintStage): boolean {
  return lineageSteps(stage, 'COPY', 'ADD').some(({ step: { instruction } }) => {
    if (/busybox|\/bin\/(?:ba)?sh\b|rootfs|\.tar/.test(instruction.original)) return true;
    const isForeign = instruction.flags.some(({ name }) => name === 'from');
    return isForeign && /^(?:\/|\/(?:usr\/)?bin\/?|\.\/?)$/.test(instruction.destination.text);
  });
}

/** Of a single command with nothing that a shell would expand. */
function execFix({ text }: LintSubject, { commands, instruction }: LintStep, line: CommandLine): Fix | undefined {
  const [command, ...others] = commands;
  if (!command || others.length > 0 || instruction.kind === 'RUN' || command.redirections.length > 0) return undefined;
  const words = [command.nameWord, ...command.args];
  if (command.assignments.length > 0 || !words.every((word) => word?.isLiteral && !/[*?[\]~]/.test(word.text)))
    return undefined;
  const argv = words.map((word) => JSON.stringify(word?.text)).join(', ');
  const [start, end] = [text.offsetAt(line.range.start), text.offsetAt(line.range.end)];
  return { title: 'Write it in exec form', safety: 'safe', edits: [{ start, end, text: `[${argv}]` }] };
}
