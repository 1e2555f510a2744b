import type { Instruction, InstructionKind } from '../../dockerfile/ast.ts';
import { type ShellCommand, wrappedCommand } from '../../shell/shell-command.ts';
import type { LintStage, LintStep, LintSubject } from './lint-subject.ts';
import { remembered } from './remembered.ts';

type InstructionOf<K extends InstructionKind> = Extract<Instruction, { readonly kind: K }>;

/** The steps of the kinds asked for, of all stages, with their stage. */
export function* stepsOf<K extends InstructionKind>(
  { stages }: LintSubject,
  ...kinds: readonly K[]
): Generator<{ readonly step: LintStep<InstructionOf<K>>; readonly stage: LintStage }> {
  for (const stage of stages) for (const step of stepsIn(stage, ...kinds)) yield { step, stage };
}

export function stepsIn<K extends InstructionKind>(
  stage: LintStage,
  ...kinds: readonly K[]
): readonly LintStep<InstructionOf<K>>[] {
  const known = stepsByKinds(stage);
  const key = kinds.join();
  const wanted: readonly string[] = kinds;
  const steps = known.get(key) ?? stage.steps.filter(({ instruction }) => wanted.includes(instruction.kind));
  known.set(key, steps);
  return steps as readonly LintStep<InstructionOf<K>>[];
}

/** Nearly every rule asks for the steps of some kinds, and most ask for the same ones. */
const stepsByKinds = remembered((_stage: LintStage) => new Map<string, readonly LintStep[]>());

export interface RunCommand {
  readonly command: ShellCommand;
  readonly step: LintStep<InstructionOf<'RUN'>>;
  readonly stage: LintStage;
}

/** Every command that a RUN calls, `sudo` and the like taken off. */
export const runCommands = remembered(({ stages }: LintSubject): readonly RunCommand[] =>
  stages.flatMap((stage) =>
    stepsIn(stage, 'RUN').flatMap((step) =>
      step.commands.map((command) => ({ command: wrappedCommand(command), step, stage })),
    ),
  ),
);

/** The first argument that is no flag: `install` of `apt-get -y install`. */
export function subcommand({ args }: ShellCommand): string | undefined {
  return args.find(({ text }) => !text.startsWith('-'))?.text;
}

/** One of the flags is there, alone, with a value behind `=`, or among short ones written together (`-yq`). */
export function hasFlag({ args }: ShellCommand, ...flags: readonly string[]): boolean {
  return args.some(({ text }) =>
    flags.some((flag) =>
      flag.startsWith('--')
        ? text === flag || text.startsWith(`${flag}=`)
        : /^-[A-Za-z]+$/.test(text) && text.includes(flag.slice(1)),
    ),
  );
}
