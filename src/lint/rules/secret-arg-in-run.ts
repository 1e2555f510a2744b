import type { SourceRange } from '../../diagnostics/source-range.ts';
import type { ArgInstruction } from '../../dockerfile/ast.ts';
import { isSecretName } from '../../secret/secret-name.ts';
import type { Fix } from '../finding.ts';
import { hasPlaces } from '../fix/run-edits.ts';
import type { Rule } from '../rule.ts';
import type { LintStage, LintStep, LintSubject } from '../subject/lint-subject.ts';
import { mountsOf } from '../subject/mounts.ts';
import { stepsIn } from '../subject/steps.ts';

/** Values of arguments are part of the history of every RUN below them. */
export const secretArgInRun: Rule = {
  name: 'secret-arg-in-run',
  family: 'secret',
  severity: 'warning',
  level: 'default',
  summary: 'A step gets a secret by a build argument, whose value the history of the image keeps',

  *check(subject) {
    for (const stage of subject.stages) {
      const names = stepsIn(stage, 'ARG').flatMap((step) =>
        step.instruction.args
          .filter(({ name }) => isSecretName(name.text))
          .map(({ name }) => ({ step, name: name.text })),
      );
      for (const step of names.length > 0 ? stepsIn(stage, 'RUN') : []) {
        for (const { name, step: arg } of names) {
          const range = useOf(subject, step, name);
          const mounted = mountsOf(step.instruction).some(
            ({ type, env, id }) => type === 'secret' && (env === name || id === name),
          );
          if (!range || mounted || stage.steps.indexOf(arg) > stage.steps.indexOf(step)) continue;
          yield {
            message: `RUN uses the build argument ${name}: its value stays in the history of the image.`,
            range,
            hint: `Write RUN --mount=type=secret,id=${name},env=${name}, and build with --secret id=${name}.`,
            fix: fixFor(subject, stage, { arg, step, name }),
          };
        }
      }
    }
  },
};

function useOf({ text }: LintSubject, { instruction }: LintStep, name: string): SourceRange | undefined {
  const start = text.offsetAt(instruction.range.start);
  const match = new RegExp(`(?<!\\\\)\\$(?:${name}\\b|\\{${name}\\b)`).exec(text.slice(instruction.range));
  return match ? text.rangeOf(start + match.index, start + match.index + match[0].length) : undefined;
}

interface Use {
  readonly arg: LintStep<ArgInstruction>;
  readonly step: LintStep;
  readonly name: string;
}

/** ARG goes and the mount comes, where this RUN is the only one that uses it. */
function fixFor(subject: LintSubject, stage: LintStage, { arg, step, name }: Use): Fix | undefined {
  const { text } = subject;
  const [declared, ...more] = arg.instruction.args;
  const uses = stage.steps.filter(
    (other) => other !== arg && new RegExp(`\\b${name}\\b`).test(text.slice(other.instruction.range)),
  );
  const isGlobal = subject.stages.some(
    (other) => other !== stage && other.steps.some(({ instruction }) => text.slice(instruction.range).includes(name)),
  );
  if (uses.length !== 1 || more.length > 0 || declared?.value || !hasPlaces(step) || isGlobal) return undefined;
  const start = text.offsetAt({ line: arg.instruction.range.start.line, column: 1 });
  const end = text.offsetAt({ line: arg.instruction.range.end.line + 1, column: 1 });
  const at = text.offsetAt(step.instruction.keywordRange.end);
  return {
    title: `Mount ${name} as a secret`,
    safety: 'suggested',
    edits: [
      { start, end, text: '' },
      { start: at, end: at, text: ` --mount=type=secret,id=${name},env=${name}` },
    ],
  };
}
