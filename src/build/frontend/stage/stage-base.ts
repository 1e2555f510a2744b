import { type ContainerConfig, type ImageConfig, inheritedConfig } from '../../../image/image-config.ts';
import type { Platform } from '../../../image/platform.ts';
import { createVertex } from '../../graph/create-vertex.ts';
import type { Vertex } from '../../graph/vertex.ts';
import type { FrontendOptions, ResolvedImage } from '../build-plan.ts';
import { EnvList, splitEnv } from '../value/env-list.ts';
import { joinWorkdir } from '../value/normalize-path.ts';
import { nextStep } from './next-step.ts';
import { namedContext } from './source-vertices.ts';
import type { StagePlan } from './stage-plan.ts';
import type { StageState } from './stage-state.ts';

const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** A stage before its first instruction, and the triggers that its image brings. */
export interface StageBase {
  readonly state: StageState;
  readonly triggers: readonly string[];
}

export function scratchBase(plan: StagePlan, platform: Platform): StageBase {
  const config = { WorkingDir: '/' };
  return { state: startStage({ plan, platform, imagePlatform: platform, config }), triggers: [] };
}

export interface ImageBaseOptions {
  readonly image: ResolvedImage;
  readonly platform: Platform;
  /** The named context that led to the image: progress names it instead of the stage's step. */
  readonly context: { readonly name: string; readonly reference: string } | undefined;
  readonly options: FrontendOptions;
}

/** Built on an image, whose config is inherited except for its triggers. */
export function imageBase(plan: StagePlan, { image, platform, context, options }: ImageBaseOptions): StageBase {
  const { OnBuild: triggers = [], ...config } = inheritedConfig(image.config.config);
  const start = startStage({ plan, platform, imagePlatform: platformOf(image.config, platform), config });
  const named =
    context === undefined
      ? nextStep({ ...start, env: new EnvList() }, `FROM ${image.reference}`, { options, onBuild: false })
      : { name: `[context ${context.name}] ${context.reference}`, step: undefined, state: start };
  const vertex = createVertex({
    op: {
      kind: 'image',
      reference: image.reference,
      manifestDigest: image.manifestDigest,
      platform: image.platform,
    },
    origin: plan.origin,
    name: named.name,
    ...(named.step === undefined ? {} : { step: named.step }),
  });
  const state = { ...start, stepIndex: named.state.stepIndex, root: vertex, base: { image, vertex } };
  return { state: { ...state, author: image.config.author }, triggers };
}

/** A local directory in the place of an image: whoever only reads from it reads the directory itself. */
export function contextBase(plan: StagePlan, { name, platform }: { name: string; platform: Platform }): StageBase {
  const { state } = scratchBase(plan, platform);
  return { state: { ...state, root: namedContext(name) }, triggers: [] };
}

/** A root that steps can build on and an image can be made of: the files of a local directory become a layer. */
export function withLayeredRoot(state: StageState): StageState {
  if (state.root?.op.kind !== 'context') return state;
  const root = copyOfContext(state.root);
  return { ...state, root, contextRoot: root };
}

function copyOfContext(context: Vertex): Vertex {
  return createVertex({
    op: {
      kind: 'copy',
      onScratch: true,
      sources: [{ type: 'path', input: 0, pattern: '/', unpack: 'never', literal: true }],
      destination: '/',
      parents: false,
      exclude: [],
    },
    inputs: [context],
    name: context.name,
  });
}

interface StageStart {
  readonly plan: StagePlan;
  readonly platform: Platform;
  readonly imagePlatform: Platform;
  readonly config: ContainerConfig;
}

function startStage({ plan, platform, imagePlatform, config }: StageStart): StageState {
  const started = withImageEnv(withDefaultPath(config, platform));
  return {
    plan,
    root: undefined,
    base: undefined,
    platform,
    imagePlatform,
    ...started,
    author: undefined,
    buildArgs: [],
    history: [],
    stepIndex: 0,
    workdirSet: false,
    lastOf: {},
    contextRoot: undefined,
  };
}

/** A stage built on an earlier one: all it made, and none of what belongs to its instructions alone. */
export function stageFrom(plan: StagePlan, base: StageState): StageState {
  const { OnBuild: _, ...config } = base.config;
  const env = base.env.withAll((config.Env ?? []).map(splitEnv));
  return { ...base, plan, config, env, stepIndex: 0, lastOf: {} };
}

function withDefaultPath(config: ContainerConfig, platform: Platform): ContainerConfig {
  const env = config.Env ?? [];
  const hasPath = env.some((entry) => splitEnv(entry)[0] === 'PATH');
  return hasPath || platform.os === 'windows' ? config : { ...config, Env: [...env, `PATH=${DEFAULT_PATH}`] };
}

function withImageEnv(config: ContainerConfig): Pick<StageState, 'config' | 'env'> {
  const workdir = config.WorkingDir ?? '';
  return {
    config: workdir === '' ? config : { ...config, WorkingDir: joinWorkdir('/', workdir) },
    env: new EnvList().withAll((config.Env ?? []).map(splitEnv)),
  };
}

function platformOf(image: ImageConfig, fallback: Platform): Platform {
  const { os, architecture, variant } = image;
  if (!os || !architecture) return fallback;
  const version = image['os.version'];
  const features = image['os.features'];
  return {
    os,
    architecture,
    ...(variant ? { variant } : {}),
    ...(version ? { 'os.version': version } : {}),
    ...(features ? { 'os.features': features } : {}),
  };
}
