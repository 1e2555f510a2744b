import type { ExecLimits, Isolation, TerminalSize } from '../exec/executor.ts';
import type { Platform } from '../image/platform.ts';

/** -v: a file or directory of this machine in the container. */
export interface VolumeMount {
  /** Absolute. */
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
}

export interface TmpfsMount {
  readonly target: string;
  readonly sizeBytes?: number;
  readonly mode?: number;
}

/** What `run` is asked for; what is not given comes from the image, then from docker's defaults. */
export interface RunOptions {
  /** A reference or an id. */
  readonly image: string;
  /** What replaces the image's Cmd; empty takes the image's. */
  readonly command: readonly string[];
  /** Replaces the image's Entrypoint, and drops its Cmd; '' means none. */
  readonly entrypoint?: string | undefined;
  /** `NAME=value`; later ones win. */
  readonly env: readonly string[];
  readonly volumes: readonly VolumeMount[];
  readonly tmpfs: readonly TmpfsMount[];
  readonly readOnly: boolean;
  readonly workdir?: string | undefined;
  readonly user?: string | undefined;
  readonly name?: string | undefined;
  readonly hostname?: string | undefined;
  readonly limits: ExecLimits;
  readonly network: 'host' | 'none';
  readonly extraHosts: readonly { readonly name: string; readonly address: string }[];
  readonly shmSizeBytes?: number | undefined;
  readonly privileged: boolean;
  readonly stdin: boolean;
  readonly terminal: boolean;
  readonly terminalSize?: TerminalSize | undefined;
  readonly isolation: 'auto' | Isolation;
  readonly platform: Platform;
  readonly pull: 'always' | 'missing' | 'never';
  /** Between the stop signal and SIGKILL. */
  readonly stopTimeoutMs: number;
}
