import type { DiffId } from './digest.ts';

/** docker's HealthConfig; durations are nanoseconds. Not in image-spec, kept because docker and podman read it. */
export interface Healthcheck {
  readonly Test?: readonly string[];
  readonly Interval?: number;
  readonly Timeout?: number;
  readonly StartPeriod?: number;
  readonly StartInterval?: number;
  readonly Retries?: number;
}

/** The execution parameters: image-spec config.md "config", with docker's Healthcheck, OnBuild, Shell, ArgsEscaped. */
export interface ContainerConfig {
  readonly User?: string;
  readonly ExposedPorts?: Readonly<Record<string, Record<string, never>>>;
  readonly Env?: readonly string[];
  readonly Entrypoint?: readonly string[] | null;
  readonly Cmd?: readonly string[] | null;
  readonly Healthcheck?: Healthcheck;
  readonly ArgsEscaped?: boolean;
  readonly Volumes?: Readonly<Record<string, Record<string, never>>>;
  readonly WorkingDir?: string;
  readonly Labels?: Readonly<Record<string, string>>;
  readonly OnBuild?: readonly string[];
  readonly StopSignal?: string;
  readonly Shell?: readonly string[];
}

const CONTAINER_KEYS: Readonly<Record<keyof ContainerConfig, true>> = {
  User: true,
  ExposedPorts: true,
  Env: true,
  Entrypoint: true,
  Cmd: true,
  Healthcheck: true,
  ArgsEscaped: true,
  Volumes: true,
  WorkingDir: true,
  Labels: true,
  OnBuild: true,
  StopSignal: true,
  Shell: true,
};

/** What an image built on another takes over of its parameters: others that a file may hold (docker's AttachStdin) are of a container. */
export function inheritedConfig(config: ContainerConfig): ContainerConfig {
  return Object.fromEntries(Object.entries(config).filter(([key]) => Object.hasOwn(CONTAINER_KEYS, key)));
}

/** image-spec config.md "history": one entry an instruction; those with `empty_layer` made no layer. */
export interface HistoryEntry {
  /** RFC 3339. */
  readonly created?: string;
  readonly created_by?: string;
  readonly author?: string;
  readonly comment?: string;
  readonly empty_layer?: boolean;
}

/** image-spec config.md. Field names are the specification's, so that the value is its own JSON. */
export interface ImageConfig {
  readonly created?: string;
  readonly author?: string;
  readonly architecture: string;
  readonly os: string;
  readonly variant?: string;
  readonly 'os.version'?: string;
  readonly 'os.features'?: readonly string[];
  readonly config: ContainerConfig;
  readonly rootfs: { readonly type: 'layers'; readonly diff_ids: readonly DiffId[] };
  readonly history?: readonly HistoryEntry[];
}
