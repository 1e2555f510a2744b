import { KnownError } from '../../../diagnostics/known-error.ts';
import type { ArgInstruction, Dockerfile, FromInstruction } from '../../../dockerfile/ast.ts';
import type { StageInstruction } from './stage-plan.ts';

export interface StageSource {
  readonly from: FromInstruction;
  readonly instructions: readonly StageInstruction[];
}

export interface SplitDockerfile {
  /** ARG instructions before the first FROM. */
  readonly globalArgs: readonly ArgInstruction[];
  /** At least one. */
  readonly stages: readonly StageSource[];
}

/** @throws KnownError DOCKERFILE_SYNTAX for an instruction other than ARG before the first FROM, or without any FROM. */
export function splitStages(dockerfile: Dockerfile): SplitDockerfile {
  const globalArgs: ArgInstruction[] = [];
  const stages: { from: FromInstruction; instructions: StageInstruction[] }[] = [];
  for (const instruction of dockerfile.instructions) {
    const stage = stages.at(-1);
    if (instruction.kind === 'FROM') {
      stages.push({ from: instruction, instructions: [] });
    } else if (stage !== undefined) {
      stage.instructions.push(instruction);
    } else if (instruction.kind === 'ARG') {
      globalArgs.push(instruction);
    } else {
      throw new KnownError('DOCKERFILE_SYNTAX', `${instruction.kind} stands before the first FROM.`, {
        hint: 'Only ARG may stand before FROM: move the instruction into a stage.',
        range: instruction.range,
      });
    }
  }
  if (stages.length === 0) {
    throw new KnownError('DOCKERFILE_SYNTAX', `${dockerfile.file} has no FROM, so there is nothing to build.`, {
      hint: 'Begin a stage with FROM, for example FROM scratch.',
    });
  }
  return { globalArgs, stages };
}
