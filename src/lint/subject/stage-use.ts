import type { Instruction } from '../../dockerfile/ast.ts';
import type { UnlinkedStage } from './read-subject.ts';
import { expandKnown } from './stage-steps.ts';

/** Indexes of the target and the stages that it begins from. */
export function shippedStages(stages: readonly UnlinkedStage[]): ReadonlySet<number> {
  const shipped = new Set<number>();
  for (let stage = stages.at(-1); stage; stage = stage.parent === undefined ? undefined : stages[stage.parent])
    shipped.add(stage.index);
  return shipped;
}

/** Indexes of the stages that the target is made of. */
export function neededStages(stages: readonly UnlinkedStage[]): ReadonlySet<number> {
  const needed = new Set<number>();
  const open = [stages.at(-1)];
  for (let stage = open.pop(); stage; stage = open.pop()) {
    if (needed.has(stage.index)) continue;
    needed.add(stage.index);
    if (stage.parent !== undefined) open.push(stages[stage.parent]);
    for (const { instruction, variables } of stage.steps)
      open.push(...sourcesOf(instruction).flatMap((name) => stageNamed(expandKnown(name, variables), stages) ?? []));
  }
  return needed;
}

/** The stage that a --from names: by its name, whatever the case, or by its number. */
export function stageNamed<S extends { readonly index: number; readonly name: string | undefined }>(
  name: string,
  stages: readonly S[],
): S | undefined {
  const named = stages.findLast((stage) => stage.name === name.toLowerCase());
  return named ?? (/^\d+$/.test(name) ? stages[Number(name)] : undefined);
}

/** What an instruction's --from flags and mounts name, as written. */
export function sourcesOf({ kind, flags }: Instruction): readonly string[] {
  if (kind === 'COPY') return flags.flatMap(({ name, value }) => (name === 'from' && value ? [value] : []));
  if (kind !== 'RUN') return [];
  return flags.flatMap(({ name, value }) => (name === 'mount' && value ? (mountSource(value) ?? []) : []));
}

function mountSource(mount: string): string | undefined {
  return /(?:^|,)from=([^,]+)/i.exec(mount)?.[1];
}
