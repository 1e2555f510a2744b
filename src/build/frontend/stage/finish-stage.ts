import type { ContainerConfig } from '../../../image/image-config.ts';
import { normalizePlatform } from '../../../image/parse-platform.ts';
import type { Platform } from '../../../image/platform.ts';
import type { Vertex } from '../../graph/vertex.ts';
import type { BuildPlan, FrontendOptions, PlannedHistory } from '../build-plan.ts';
import type { StageState } from './stage-state.ts';

type FinishedStage = Pick<BuildPlan, 'config' | 'author' | 'platform' | 'base' | 'history' | 'stageName'>;

/** What the target stage says of its image. */
export function finishStage(state: StageState, options: FrontendOptions): FinishedStage {
  const labels = { ...state.config.Labels, ...options.labels };
  return {
    config: withoutEmpty({ ...state.config, Labels: labels }),
    author: state.author,
    platform: finalPlatform(state, options),
    base: state.base,
    history: state.contextRoot === undefined ? state.history : withContextLayer(state.history, state.contextRoot),
    stageName: state.plan.name,
  };
}

/** As in Go's JSON, an empty list is the same as none. */
function withoutEmpty(config: ContainerConfig): ContainerConfig {
  const isEmpty = (value: unknown): boolean =>
    value === undefined || value === null || value === '' || (typeof value === 'object' && isEmptyObject(value));
  return Object.fromEntries(Object.entries(config).filter(([, value]) => !isEmpty(value)));
}

function isEmptyObject(value: object): boolean {
  return Object.keys(value).length === 0;
}

/** The base's own word where no platform was asked for. */
function finalPlatform({ imagePlatform }: StageState, options: FrontendOptions): Platform {
  if (options.platformRequested !== true) return normalizePlatform(imagePlatform);
  const { platform } = options;
  const same = platform.os === imagePlatform.os && platform.architecture === imagePlatform.architecture;
  return normalizePlatform(same ? { ...imagePlatform, ...platform } : platform);
}

/**
 * The layer of a local base has no instruction. BuildKit gives layers to the entries of the history in order, and what
 * is left at the end an entry with the step's name; so each entry has the layer before its own.
 */
function withContextLayer(history: readonly PlannedHistory[], contextRoot: Vertex): readonly PlannedHistory[] {
  let waiting = contextRoot;
  const shifted = history.map((entry) => {
    if (entry.vertex === undefined) return entry;
    const shiftedEntry = { ...entry, vertex: waiting };
    waiting = entry.vertex;
    return shiftedEntry;
  });
  return [...shifted, { createdBy: waiting.name, comment: 'buildkit.exporter.image.v0', vertex: waiting }];
}
