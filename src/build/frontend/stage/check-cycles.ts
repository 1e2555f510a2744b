import { KnownError } from '../../../diagnostics/known-error.ts';
import type { StageInstruction, StagePlan, StageTable } from './stage-plan.ts';

/**
 * Refuses stages that need each other.
 * @throws KnownError STAGE_CYCLE at the instruction of the circle that stands first in the order of need
 */
export function checkCycles(stages: StageTable): void {
  const done = new Set<number>();
  for (const stage of stages) {
    if (!done.has(stage.index)) follow(stage, stages, done);
  }
}

interface Visit {
  readonly stage: StagePlan;
  readonly reads: readonly Read[];
  next: number;
}

interface Read {
  readonly instruction: StageInstruction;
  readonly source: number;
}

/** Goes into depth with a stack of its own: how many stages lean on each other is up to the Dockerfile. */
function follow(start: StagePlan, stages: StageTable, done: Set<number>): void {
  const open = new Set<number>();
  const stack: Visit[] = [];
  const enter = (stage: StagePlan): void => {
    done.add(stage.index);
    open.add(stage.index);
    stack.push({ stage, reads: readsOf(stage), next: 0 });
  };
  enter(start);
  for (let visit = stack.at(-1); visit !== undefined; visit = stack.at(-1)) {
    const read = visit.reads[visit.next++];
    const source = read && stages[read.source];
    if (read === undefined) {
      open.delete(visit.stage.index);
      stack.pop();
    } else if (source !== undefined && open.has(source.index)) {
      throw cycle(source, visit.stage, firstRead(stack, source) ?? read.instruction);
    } else if (source !== undefined && !done.has(source.index)) {
      enter(source);
    }
  }
}

/** The instruction that leads out of the stage where the circle starts: BuildKit names that one. */
function firstRead(stack: readonly Visit[], start: StagePlan): StageInstruction | undefined {
  const visit = stack.find(({ stage }) => stage.index === start.index);
  return visit?.reads[visit.next - 1]?.instruction;
}

function readsOf(stage: StagePlan): readonly Read[] {
  return stage.commands.flatMap(({ instruction, sources }) => sources.map((source) => ({ instruction, source })));
}

function cycle(stage: StagePlan, source: StagePlan, { kind, range }: StageInstruction): KnownError {
  const message =
    source.index === stage.index
      ? `${kind} reads from the stage that it stands in, "${stage.label || stage.index}".`
      : `The stages "${stage.label}" and "${source.label}" need each other.`;
  return new KnownError('STAGE_CYCLE', message, {
    hint: 'Read only from stages that stand above; move what both need into one of its own.',
    range,
  });
}
