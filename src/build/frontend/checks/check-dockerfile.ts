import type { Dockerfile } from '../../../dockerfile/ast.ts';
import type { SplitDockerfile } from '../stage/split-stages.ts';
import type { EnvList } from '../value/env-list.ts';
import { checkInstructionCasing } from './consistent-instruction-casing.ts';
import { checkInstruction } from './instruction-checks.ts';
import { checkDefaultArgs } from './invalid-default-arg-in-from.ts';
import { checkEmptyContinuation } from './no-empty-continuation.ts';
import type { FindingSink } from './rule.ts';
import { checkStageNames } from './stage-names.ts';

export interface CheckedDockerfile {
  readonly dockerfile: Dockerfile;
  readonly split: SplitDockerfile;
  readonly predefined: EnvList;
}

/** The checks that need no lowering and look at every stage, in BuildKit's order. */
export function checkDockerfile(checked: CheckedDockerfile, sink: FindingSink): void {
  checkEmptyContinuation(checked.dockerfile, sink);
  for (const instruction of checked.dockerfile.instructions) checkInstruction(instruction, sink);
  checkStageNames(checked.split.stages, sink);
  checkInstructionCasing(checked.split.stages, sink);
  checkDefaultArgs(checked, sink);
}
