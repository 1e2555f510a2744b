import { KnownError } from '../../../diagnostics/known-error.ts';
import type { InstructionSource, LoweringContext } from '../instructions/lowering.ts';
import { lowerInstruction } from '../instructions/lowerings.ts';
import type { ResolvedStages } from './resolve-stages.ts';
import { stageFrom, withLayeredRoot } from './stage-base.ts';
import type { StageCommand, StagePlan } from './stage-plan.ts';
import type { StageState } from './stage-state.ts';

/** The final state of each needed stage, by index; a stage can read from those above it. */
export function lowerStages(resolved: ResolvedStages, context: LoweringContext): ReadonlyMap<number, StageState> {
  const { table, needed, bases } = resolved;
  const implicit = table.filter((stage) => stage.implicit && needed.has(stage.index));
  const lowered = new Map<number, StageState>();
  for (const { index } of implicit) setDefined(lowered, index, bases.get(index)?.state);
  for (const stage of table) {
    if (!needed.has(stage.index) || stage.implicit) continue;
    const start = stage.base === undefined ? bases.get(stage.index)?.state : lowered.get(stage.base);
    if (start === undefined) throw new Error(`stage ${stage.index} is lowered before its base`);
    lowered.set(stage.index, lowerStage(stage, start, { lowered, context, table }));
  }
  return lowered;
}

interface LowerScope {
  readonly lowered: ReadonlyMap<number, StageState>;
  readonly context: LoweringContext;
  readonly table: ResolvedStages['table'];
}

function lowerStage(stage: StagePlan, start: StageState, scope: LowerScope): StageState {
  if (stage.replacedBy !== undefined) return start;
  const state = withLayeredRoot(stage.base === undefined ? { ...start, plan: stage } : stageFrom(stage, start));
  return stage.commands.reduce((sofar, command) => lowerCommand(sofar, command, scope), state);
}

function lowerCommand(state: StageState, command: StageCommand, scope: LowerScope): StageState {
  const { instruction, onBuild } = command;
  const sources = command.sources.map((index) => sourceOf(index, { state, command }, scope));
  try {
    return lowerInstruction(state, instruction, { ...scope.context, sources, onBuild });
  } catch (error) {
    throw error instanceof KnownError ? error.at(instruction.range) : error;
  }
}

function sourceOf(
  index: number,
  { state, command }: { readonly state: StageState; readonly command: StageCommand },
  { lowered, table }: LowerScope,
): InstructionSource {
  const source = lowered.get(index);
  if (source !== undefined) return { root: source.root };
  const { kind, range } = command.instruction;
  const message = `${kind} reads from the stage "${table[index]?.label}", which stands below "${state.plan.label}".`;
  throw new KnownError('STAGE_MISSING', message, { hint: 'Move that stage above this one.', range });
}

function setDefined(map: Map<number, StageState>, key: number, value: StageState | undefined): void {
  if (value !== undefined) map.set(key, value);
}
