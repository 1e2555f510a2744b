import { KnownError } from '../../../diagnostics/known-error.ts';
import type { CopyInstruction, Flag, RunInstruction } from '../../../dockerfile/ast.ts';
import { expandWord } from '../../../dockerfile/expand-word.ts';
import { mountOptions } from '../../../dockerfile/mount.ts';
import { mountFlags } from '../run/lower-mounts.ts';
import type { StageCommand, StageInstruction, StagePlan, StageTable } from './stage-plan.ts';
import { findStage, stageLabels } from './stage-plan.ts';

export interface LinkedCommands {
  readonly commands: readonly StageCommand[];
  /** With the implicit stages that the commands need. */
  readonly table: StageTable;
}

/** Finds the stages that instructions read from. @throws KnownError STAGE_MISSING, DOCKERFILE_INVALID_FLAG */
export function commandSources(
  instructions: readonly StageInstruction[],
  stages: StageTable,
  { onBuild }: { readonly onBuild: boolean },
): LinkedCommands {
  let table = stages;
  const commands = instructions.map((instruction): StageCommand => {
    const sources: number[] = [];
    for (const name of sourceNames(instruction)) {
      const found = sourceStage(name, instruction, table);
      if (typeof found === 'string') table = [...table, implicitStage(found, instruction, table.length)];
      sources.push(typeof found === 'string' ? table.length - 1 : found.index);
    }
    return { instruction, sources, onBuild };
  });
  return { commands, table };
}

interface SourceName {
  readonly name: string;
  /** A number is the place of a stage: of COPY, not of RUN --mount. */
  readonly mayBeIndex: boolean;
}

function sourceNames(instruction: StageInstruction): readonly SourceName[] {
  if (instruction.kind === 'RUN') return mountSources(instruction);
  return instruction.kind === 'COPY' ? copySource(instruction) : [];
}

/** One for each mount, whether or not its type reads anything: the type may be a variable. */
function mountSources(instruction: RunInstruction): readonly SourceName[] {
  return mountFlags(instruction).map((flag) => ({ name: mountFrom(flag) || 'scratch', mayBeIndex: false }));
}

function mountFrom(flag: Flag): string {
  return mountOptions(flag.value ?? '', flag.range).findLast(({ key }) => key === 'from')?.value ?? '';
}

function copySource({ flags }: CopyInstruction): readonly SourceName[] {
  const flag = flags.find(({ name }) => name === 'from');
  if (flag?.value === undefined || flag.value === '') return [];
  if (expandWord(flag.value, new Map(), { range: flag.range }).text !== flag.value) {
    throw new KnownError('DOCKERFILE_INVALID_FLAG', `COPY --from=${flag.value} cannot have variables.`, {
      hint: 'Name a stage after the image (FROM $IMAGE AS name) and copy from that.',
      range: flag.range,
    });
  }
  return [{ name: flag.value, mayBeIndex: true }];
}

/** The stage, or the name of an image or a context when no stage has it. */
function sourceStage(source: SourceName, { range }: StageInstruction, stages: StageTable): StagePlan | string {
  if (!source.mayBeIndex || !/^[+-]?\d+$/.test(source.name)) return findStage(stages, source.name) ?? source.name;
  const stage = stages[Number(source.name)];
  if (stage !== undefined) return stage;
  throw new KnownError('STAGE_MISSING', `There is no stage ${source.name} to copy from.`, {
    hint: `Stages are counted from 0: ${stageLabels(stages)
      .map((label, at) => `${at} is ${label}`)
      .join(', ')}.`,
    range,
  });
}

function implicitStage(baseName: string, { range }: StageInstruction, index: number): StagePlan {
  return {
    index,
    name: undefined,
    label: '',
    baseName,
    base: undefined,
    platform: undefined,
    replacedBy: undefined,
    commands: [],
    stepTotal: 0,
    ignoreCache: false,
    implicit: true,
    origin: range,
  };
}
