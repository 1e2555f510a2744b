import { KnownError } from '../../../diagnostics/known-error.ts';
import { parseInstruction } from '../../../dockerfile/parse-instruction.ts';
import { commandSources } from './command-sources.ts';
import type { ResolveScope } from './resolve-base.ts';
import { resolveBase } from './resolve-base.ts';
import type { StageBase } from './stage-base.ts';
import type { StageInstruction, StagePlan, StageTable } from './stage-plan.ts';

export interface ResolvedStages {
  /** With the triggers of their bases in front of the stages' own instructions. */
  readonly table: StageTable;
  /** Indexes of the stages that the target needs. */
  readonly needed: ReadonlySet<number>;
  /** What the needed stages that are built on no other start from, by index. */
  readonly bases: ReadonlyMap<number, StageBase>;
}

/**
 * Resolves what the target needs and nothing else, all images at once. Triggers of the images may need further stages
 * and images, so it goes on until nothing new is needed.
 */
export async function resolveStages(
  stages: StageTable,
  target: StagePlan,
  scope: ResolveScope,
): Promise<ResolvedStages> {
  const bases = new Map<number, StageBase>();
  const triggered = new Set<number>();
  for (let table = stages; ; ) {
    const needed = neededStages(table, scope.options.allStages ? table : [target]);
    const open = table.filter(({ index, base }) => needed.has(index) && base === undefined && !bases.has(index));
    const found = await Promise.all(
      open.map(async (plan) => [plan.index, await resolveBase(plan, table, scope)] as const),
    );
    for (const [index, base] of found) bases.set(index, sharingRoot(base, bases.values()));
    const extended = withTriggers(table, { needed, bases, triggered });
    if (extended.length === table.length && open.length === 0) return { table: extended, needed, bases };
    table = extended;
  }
}

/** Stages on the same image share its vertex, which has the name that the first of them gives it. */
function sharingRoot(base: StageBase, earlier: Iterable<StageBase>): StageBase {
  const { root } = base.state;
  if (root === undefined) return base;
  const shared = [...earlier].find(({ state }) => state.root?.digest === root.digest)?.state.root ?? root;
  return { ...base, state: { ...base.state, root: shared } };
}

/** The stages that some stages are made from, themselves included. */
export function neededStages(stages: StageTable, targets: readonly StagePlan[]): ReadonlySet<number> {
  const needed = new Set<number>();
  const open = targets.map((stage) => stage.index);
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    if (needed.has(index)) continue;
    needed.add(index);
    const { base, replacedBy, commands = [] } = stages[index] ?? {};
    if (base !== undefined) open.push(base);
    if (replacedBy === undefined) open.push(...commands.flatMap((command) => command.sources));
  }
  return needed;
}

interface TriggerScope extends Pick<ResolvedStages, 'needed' | 'bases'> {
  /** Stages that have theirs already. */
  readonly triggered: Set<number>;
}

function withTriggers(stages: StageTable, { needed, bases, triggered }: TriggerScope): StageTable {
  let table = stages;
  for (const stage of stages) {
    if (!needed.has(stage.index) || triggered.has(stage.index)) continue;
    triggered.add(stage.index);
    if (stage.implicit || stage.replacedBy !== undefined) continue;
    const instructions = triggersOf(stage, table, bases);
    if (instructions.length > 0) table = addTriggers(stage, instructions, table);
  }
  return table;
}

/** Triggers of the image, or those that the earlier stage declares: stages pass them on as images do. */
function triggersOf(
  stage: StagePlan,
  stages: StageTable,
  bases: ReadonlyMap<number, StageBase>,
): readonly StageInstruction[] {
  if (stage.base === undefined) {
    return (bases.get(stage.index)?.triggers ?? []).map((text) => parseTrigger(text, stage));
  }
  const instructions = stages[stage.base]?.commands.map(({ instruction }) => instruction) ?? [];
  return instructions.flatMap((instruction) =>
    instruction.kind === 'ONBUILD' ? [parseTrigger(instruction.expression, stage)] : [],
  );
}

/** Every place in a trigger is the FROM that brings it. */
function parseTrigger(text: string, { origin }: StagePlan): StageInstruction {
  const instruction = parseInstruction(text, { range: origin });
  if (instruction.kind !== 'FROM' && instruction.kind !== 'ONBUILD') return instruction;
  throw new KnownError('DOCKERFILE_SYNTAX', `The base has a trigger that is not allowed: ${instruction.kind}.`, {
    range: origin,
  });
}

function addTriggers(stage: StagePlan, instructions: readonly StageInstruction[], stages: StageTable): StageTable {
  const { commands, table } = commandSources(instructions, stages, { onBuild: true });
  return table.with(stage.index, {
    ...stage,
    commands: [...commands, ...stage.commands],
    stepTotal: stage.stepTotal + commands.length,
  });
}
