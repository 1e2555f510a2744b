/**
 * Lowers a Dockerfile: what the target asks for becomes a graph of operations and an image config. Knows no files and
 * no network, but asks a BaseImageResolver what the bases are. What surprises: only the stages that the target needs are
 * resolved and lowered, and a trigger of a base (ONBUILD) can make more of them needed.
 */
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Dockerfile } from '../../dockerfile/ast.ts';
import { collectGraph } from '../graph/collect-graph.ts';
import type { BaseImageResolver, BuildPlan, FrontendOptions } from './build-plan.ts';
import { checkDockerfile } from './checks/check-dockerfile.ts';
import { applyCheckOptions, isWantedFinding, readCheckOptions } from './checks/check-options.ts';
import { mountIds } from './mount-ids.ts';
import { type Outline, outlineOf } from './outline.ts';
import { sourceDateEpoch } from './source-date-epoch.ts';
import { checkCycles } from './stage/check-cycles.ts';
import { finishStage } from './stage/finish-stage.ts';
import { globalArgs, predefinedArgs } from './stage/global-args.ts';
import { lowerStages } from './stage/lower-stages.ts';
import { planStages } from './stage/plan-stages.ts';
import { rememberingResolver } from './stage/resolve-base.ts';
import { resolveStages } from './stage/resolve-stages.ts';
import { splitStages } from './stage/split-stages.ts';
import { withLayeredRoot } from './stage/stage-base.ts';
import { targetStage } from './stage/target-stage.ts';
import { unusedBuildArgs } from './unused-build-args.ts';

/**
 * @throws KnownError TARGET_MISSING, STAGE_MISSING, STAGE_CYCLE, ENTITLEMENT_NOT_ALLOWED, CHECK_FAILED, DOCKERFILE_*,
 * PLATFORM_INVALID and what the resolver throws, each at its place in the Dockerfile.
 */
export async function planBuild(
  dockerfile: Dockerfile,
  options: FrontendOptions,
  resolver: BaseImageResolver,
  signal: AbortSignal,
): Promise<BuildPlan> {
  const { state, graph, findings, checks, epochSeconds } = await lowerTarget(dockerfile, options, resolver, signal);
  return {
    graph,
    ...finishStage(state, options),
    mountIds: mountIds(graph),
    warnings: applyCheckOptions(findings, checks),
    unusedBuildArgs: unusedBuildArgs(dockerfile, options.buildArgs),
    epochSeconds,
  };
}

/** What the target asks of its builder. @throws KnownError as `planBuild`, but never CHECK_FAILED */
export async function outlineBuild(
  dockerfile: Dockerfile,
  options: FrontendOptions,
  resolver: BaseImageResolver,
  signal: AbortSignal,
): Promise<Outline> {
  const lowered = await lowerTarget(dockerfile, options, resolver, signal);
  return outlineOf({ ...lowered, buildArgs: options.buildArgs, escape: dockerfile.escape });
}

async function lowerTarget(
  dockerfile: Dockerfile,
  options: FrontendOptions,
  resolver: BaseImageResolver,
  signal: AbortSignal,
) {
  const findings: Diagnostic[] = [];
  const checks = readCheckOptions(dockerfile, options.buildArgs);
  const report = (finding: Diagnostic): void => {
    findings.push(finding);
    if (isWantedFinding(finding, checks)) options.onFinding?.(finding);
  };
  const { escape: escapeCharacter } = dockerfile;
  const split = splitStages(dockerfile);
  const targetName = options.target || split.stages.at(-1)?.from.stageName?.text.toLowerCase();
  const predefined = predefinedArgs(options, targetName);
  checkDockerfile({ dockerfile, split, predefined }, { report });

  const args = globalArgs(split.globalArgs, { predefined, buildArgs: options.buildArgs, escape: escapeCharacter });
  const epochSeconds = sourceDateEpoch(options.buildArgs);
  const stages = planStages(split.stages, { options, globalArgs: args, escape: escapeCharacter, report });
  const target = targetStage(stages, options.target);
  checkCycles(stages);

  const scope = { options, resolver: rememberingResolver(resolver), signal, report };
  const resolved = await resolveStages(stages, target, scope);
  const context = { options, escape: escapeCharacter, globalArgs: args.values, epochSeconds, report };
  const lowered = lowerStages(resolved, context);
  const last = lowered.get(target.index);
  if (last === undefined) throw new Error('the target is not among the lowered stages');
  const state = withLayeredRoot(last);
  const graph = collectGraph(state.root);
  return { split, globalArgs: args, lowered, target: target.index, state, graph, findings, checks, epochSeconds };
}
