import type { FrontendOptions } from '../build-plan.ts';
import type { FindingSink } from '../checks/rule.ts';
import { commandSources } from './command-sources.ts';
import { expandFrom } from './expand-from.ts';
import type { GlobalArgs } from './global-args.ts';
import { namedContextFor } from './named-contexts.ts';
import type { StageSource } from './split-stages.ts';
import type { StageInstruction, StagePlan, StageTable } from './stage-plan.ts';

/** Instructions that progress counts as steps. */
const STEPS: ReadonlySet<StageInstruction['kind']> = new Set(['ADD', 'COPY', 'RUN', 'WORKDIR']);

export interface PlanScope extends FindingSink {
  readonly options: FrontendOptions;
  readonly globalArgs: GlobalArgs;
  readonly escape: '\\' | '`';
}

/**
 * The stages with their bases and what their instructions read from, as far as the text tells. What `--from` names and
 * no stage is called becomes an implicit stage behind the others.
 * @throws KnownError STAGE_MISSING, PLATFORM_INVALID, DOCKERFILE_*
 */
export function planStages(sources: readonly StageSource[], scope: PlanScope): StageTable {
  const named: StagePlan[] = [];
  for (const source of sources) named.push(planStage(source, named, scope));
  let table: StageTable = named;
  for (const { index } of named) {
    const instructions = sources[index]?.instructions ?? [];
    const linked = commandSources(instructions, table, { onBuild: false });
    table = linked.table.map((stage) => (stage.index === index ? { ...stage, commands: linked.commands } : stage));
  }
  return table.length === 1 ? table.map((stage) => ({ ...stage, label: '' })) : table;
}

function planStage({ from, instructions }: StageSource, earlier: StageTable, scope: PlanScope): StagePlan {
  const { baseName, platform } = expandFrom(from, scope);
  const name = from.stageName?.text.toLowerCase();
  const { options } = scope;
  const replacedBy = name === undefined ? undefined : namedContextFor(name, platform ?? options.platform, options);
  // FROM compares names as they are written, unlike --from and --target.
  const base = replacedBy === undefined ? earlier.findLast((stage) => stage.name === baseName)?.index : undefined;
  const pulls = baseName !== 'scratch' && base === undefined;
  return {
    index: earlier.length,
    name,
    label: name ?? `stage-${earlier.length}`,
    baseName,
    base,
    platform,
    replacedBy,
    commands: [],
    stepTotal: Number(pulls) + instructions.filter(({ kind }) => STEPS.has(kind)).length,
    ignoreCache: ignoresCache(name, options),
    implicit: false,
    origin: from.range,
  };
}

function ignoresCache(name: string | undefined, { ignoreCache }: FrontendOptions): boolean {
  if (typeof ignoreCache === 'boolean') return ignoreCache;
  return ignoreCache.some((stage) => stage.toLowerCase() === (name ?? ''));
}
