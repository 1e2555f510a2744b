import { spawnSync } from 'node:child_process';

/** A runtime of the OCI runtime-spec on this machine. */
export interface OciRuntime {
  /** Absolute path. */
  readonly path: string;
  readonly kind: 'crun' | 'runc';
  /** For people: `crun 1.21`; asked for only when somebody wants to know. */
  readonly description: string;
}

/** Its name and version. */
export function runtimeVersion({ kind, path }: Omit<OciRuntime, 'description'>): string {
  const { stdout } = spawnSync(path, ['--version'], { encoding: 'utf8' });
  return `${kind} ${/version (\S+)/.exec(stdout ?? '')?.[1] ?? ''}`.trim();
}
