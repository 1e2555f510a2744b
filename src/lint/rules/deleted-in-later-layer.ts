import { wrappedCommand } from '../../shell/shell-command.ts';
import type { Rule } from '../rule.ts';
import { flagValue, parseArgs } from '../subject/command-line.ts';
import { absolutePath, destinationPaths } from '../subject/destination-paths.ts';
import { downloadsIn } from '../subject/downloads.ts';
import type { LintStage, LintStep } from '../subject/lint-subject.ts';
import { stepsIn } from '../subject/steps.ts';

/** A layer cannot take back what an earlier one has: the file is hidden, and still downloaded with the image. */
export const deletedInLaterLayer: Rule = {
  name: 'deleted-in-later-layer',
  family: 'practice',
  severity: 'warning',
  level: 'default',
  summary: 'A file is removed in a later layer than it was made, and so stays in the image',

  *check(subject) {
    for (const stage of subject.stages) {
      if (!stage.isShipped) continue;
      const made = new Map<string, string>();
      for (const step of stage.steps) {
        for (const { command, paths } of removals(step)) {
          const path = paths.find((candidate) => made.has(candidate));
          if (path === undefined) continue;
          yield {
            message: `${path} stays in the layer of the ${made.get(path)} above, although it is removed here.`,
            range: subject.text.rangeOf(command.start, command.end),
            hint: 'Make and remove it in one RUN, mount it (RUN --mount=type=bind), or use it in a stage that is not shipped.',
          };
          made.delete(path);
        }
        for (const [path, maker] of makings(step, stage)) made.set(path, maker);
      }
    }
  },
};

function removals(step: LintStep) {
  return step.commands.map(wrappedCommand).flatMap((command) => {
    if (step.instruction.kind !== 'RUN' || !/^(?:rm|unlink)$/.test(command.name)) return [];
    return [{ command, paths: parseArgs(command).operands.flatMap(({ text }) => absolutePath(text, step) ?? []) }];
  });
}

function makings(step: LintStep, stage: LintStage): readonly (readonly [string, string])[] {
  const { instruction } = step;
  if (instruction.kind === 'COPY' || instruction.kind === 'ADD') {
    const copy = stepsIn(stage, 'COPY', 'ADD').find((candidate) => candidate.instruction === instruction);
    return copy ? destinationPaths(copy).map(({ path }) => [path, instruction.kind] as const) : [];
  }
  if (instruction.kind !== 'RUN') return [];
  return downloadsIn(step).flatMap(({ command, program }) => {
    const target =
      program === 'curl' ? flagValue(command, '-o', '--output') : flagValue(command, '-O', '--output-document');
    const path = target?.isLiteral ? absolutePath(target.text, step) : undefined;
    return path === undefined ? [] : [[path, 'RUN'] as const];
  });
}
