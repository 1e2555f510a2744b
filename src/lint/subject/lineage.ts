import type { InstructionKind } from '../../dockerfile/ast.ts';
import type { LintStage, LintStep, LintSubject } from './lint-subject.ts';
import { stepsIn } from './steps.ts';

/** The stages that a stage is made on, the first one first, and itself. */
export function lineage(stage: LintStage): readonly LintStage[] {
  return stage.base.kind === 'stage' ? [...lineage(stage.base.stage), stage] : [stage];
}

type StepOf<K extends InstructionKind> = ReturnType<typeof stepsIn<K>>[number];

/** A step and the stage that it stands in. */
export interface PlacedStep<S extends LintStep = LintStep> {
  readonly step: S;
  readonly stage: LintStage;
}

/** Steps of the kinds asked for that made a stage's files and settings, those of the stages below included, in order. */
export function lineageSteps<K extends InstructionKind>(
  stage: LintStage,
  ...kinds: readonly K[]
): readonly PlacedStep<StepOf<K>>[] {
  return lineage(stage).flatMap((one) => stepsIn(one, ...kinds).map((step) => ({ step, stage: one })));
}

/** The last step of a kind that holds in the image that is built. */
export function effectiveStep<K extends InstructionKind>(
  { target }: LintSubject,
  kind: K,
): PlacedStep<StepOf<K>> | undefined {
  return lineageSteps(target, kind).at(-1);
}

/** What a container is started with: ENTRYPOINT, else CMD. */
export function startStep(subject: LintSubject): PlacedStep<StepOf<'ENTRYPOINT' | 'CMD'>> | undefined {
  return effectiveStep(subject, 'ENTRYPOINT') ?? effectiveStep(subject, 'CMD');
}
