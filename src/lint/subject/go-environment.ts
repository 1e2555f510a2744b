import type { ShellCommand, ShellWord } from '../../shell/shell-command.ts';
import { wrappedCommand } from '../../shell/shell-command.ts';
import type { LintStage, LintStep } from './lint-subject.ts';
import { remembered } from './remembered.ts';
import { expandKnown } from './stage-steps.ts';
import { stepsIn } from './steps.ts';

/** An assignment of a variable that go reads, wherever a Dockerfile can make it. */
export interface Assignment {
  readonly name: string;
  /** Known variables expanded. */
  readonly value: string;
  /** What stands there, for edits: `CGO_ENABLED=1`, without quotes around it. */
  readonly word: ShellWord;
}

/** What the assignments that stand in front of a command, or that `export` or `go env -w` make, set. */
export function assignmentsOf(command: ShellCommand, step: LintStep): readonly Assignment[] {
  const { name, args, assignments } = wrappedCommand(command);
  const isExport = name === 'export' || (name === 'go' && args[0]?.text === 'env' && args[1]?.text === '-w');
  const words = isExport ? args.filter(({ text }) => text.includes('=')) : assignments;
  return words.map((word) => {
    const equals = word.text.indexOf('=');
    return { name: word.text.slice(0, equals), value: expandKnown(word.text.slice(equals + 1), step.variables), word };
  });
}

/** Whether an assignment outlives its command: `export A=b`, and `A=b` alone for a variable that is exported already. */
export function isLasting({ name }: ShellCommand): boolean {
  return name === 'export' || name === 'go' || name === '';
}

/** Every assignment in the RUN steps of stages, with its place. */
export const shellAssignments = remembered((stages: readonly LintStage[]): readonly PlacedAssignment[] =>
  stages.flatMap(assignmentsIn),
);

export interface PlacedAssignment extends Assignment {
  readonly step: LintStep;
  readonly stage: LintStage;
}

function assignmentsIn(stage: LintStage): readonly PlacedAssignment[] {
  return stepsIn(stage, 'RUN').flatMap((step) =>
    step.commands.flatMap((command) =>
      assignmentsOf(command, step).map((assignment) => ({ ...assignment, step, stage })),
    ),
  );
}
