import type { SourceRange } from '../../../diagnostics/source-range.ts';
import type { ContainerConfig } from '../../../image/image-config.ts';
import type { Platform } from '../../../image/platform.ts';
import type { Vertex } from '../../graph/vertex.ts';
import type { BuildPlan, PlannedHistory } from '../build-plan.ts';
import type { EnvList } from '../value/env-list.ts';
import type { StagePlan } from './stage-plan.ts';

/** The comment that BuildKit writes beside each entry of the history. */
const HISTORY_COMMENT = 'buildkit.dockerfile.v0';

export interface StageBuildArg {
  readonly name: string;
  /** undefined: declared without a value and given none. */
  readonly value: string | undefined;
}

/** A stage as far as it is lowered. Immutable: each instruction makes the next one. */
export interface StageState {
  readonly plan: StagePlan;
  /** The root filesystem so far; undefined is the empty one. */
  readonly root: Vertex | undefined;
  readonly base: BuildPlan['base'];
  /** What its steps run on and its files are for. */
  readonly platform: Platform;
  /** What the image says of itself: the base's own word, which may differ. */
  readonly imagePlatform: Platform;
  readonly config: ContainerConfig;
  readonly author: string | undefined;
  /** What instructions expand and RUN sees: the image's variables and the build args. */
  readonly env: EnvList;
  /** In the order of their ARG instructions, those of the stage it is made from included. */
  readonly buildArgs: readonly StageBuildArg[];
  readonly history: readonly PlannedHistory[];
  /** Steps that have a number so far. */
  readonly stepIndex: number;
  readonly workdirSet: boolean;
  /** Where the instruction of which only the last counts stood last, in this stage. */
  readonly lastOf: Readonly<Partial<Record<'CMD' | 'ENTRYPOINT' | 'HEALTHCHECK', SourceRange>>>;
  /** A named context that the root was copied from: a layer that no instruction made. */
  readonly contextRoot: Vertex | undefined;
}

export function withConfig(state: StageState, change: ContainerConfig): StageState {
  return { ...state, config: { ...state.config, ...change } };
}

/** An instruction that left the root as it was. */
export function withEmptyHistory(state: StageState, createdBy: string): StageState {
  return { ...state, history: [...state.history, { createdBy, comment: HISTORY_COMMENT, vertex: undefined }] };
}

/** An instruction whose result is the root from here on. */
export function withLayer(state: StageState, createdBy: string, vertex: Vertex): StageState {
  return { ...state, root: vertex, history: [...state.history, { createdBy, comment: HISTORY_COMMENT, vertex }] };
}
