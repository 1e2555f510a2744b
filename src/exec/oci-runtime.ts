import { spawnSync } from 'node:child_process';

/** A runtime of the OCI runtime-spec on this machine. */
export interface OciRuntime {
  /** Absolute path. */
  readonly path: string;
  readonly kind: 'crun' | 'runc';
  /** For people: `crun 1.21`; asked for only when somebody wants to know. */
  readonly description: string;
}

/** Options before `run`, and whether this runtime makes cgroups (then it keeps devices away by one). */
export function runtimeOptions({ kind }: OciRuntime): {
  readonly argv: readonly string[];
  readonly usesCgroups: boolean;
} {
  // Limits are set by Slipway itself, so that a step without limits costs no cgroup; runc insists on one.
  return kind === 'crun'
    ? { argv: ['--cgroup-manager=disabled'], usesCgroups: false }
    : { argv: [], usesCgroups: true };
}

/** Its name and version. */
export function runtimeVersion({ kind, path }: Omit<OciRuntime, 'description'>): string {
  const { stdout } = spawnSync(path, ['--version'], { encoding: 'utf8' });
  return `${kind} ${/version (\S+)/.exec(stdout ?? '')?.[1] ?? ''}`.trim();
}
