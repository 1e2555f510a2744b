import type { KeyValue } from '../../dockerfile/ast.ts';
import type { LintStage, LintSubject } from './lint-subject.ts';
import { expandKnown } from './stage-steps.ts';
import { stepsIn, stepsOf } from './steps.ts';

/** A label as the image gets it, as far as variables are known. */
export interface Label {
  readonly key: string;
  readonly value: string;
  readonly pair: KeyValue;
}

export function* labelsOf(subject: LintSubject): Generator<Label> {
  for (const { step } of stepsOf(subject, 'LABEL'))
    for (const pair of step.instruction.pairs) {
      yield {
        key: expandKnown(pair.key.text, step.variables),
        value: expandKnown(pair.value.text, step.variables),
        pair,
      };
    }
}

/** Keys that a stage sets itself or takes from the stage it begins from. */
export function labelKeys(stage: LintStage): ReadonlySet<string> {
  const own = stepsIn(stage, 'LABEL').flatMap(({ instruction, variables }) =>
    instruction.pairs.map(({ key }) => expandKnown(key.text, variables)),
  );
  return new Set([...own, ...(stage.base.kind === 'stage' ? labelKeys(stage.base.stage) : [])]);
}
