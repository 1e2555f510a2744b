import type { RootMount } from '../rootfs/snapshot.ts';

/** A mount in the process's own mount namespace. Targets are absolute paths in the root, symlinks resolved inside it. */
export type ExecMount =
  | {
      readonly type: 'bind';
      /** Absolute path on this machine: a file, a directory or a socket. */
      readonly source: string;
      readonly target: string;
      readonly readOnly: boolean;
    }
  | {
      /** A directory whose changes are thrown away afterwards (RUN --mount=type=bind,rw): an overlay over `source`. */
      readonly type: 'scratch-bind';
      readonly lowerDirs: readonly string[];
      /** Folder within the layered root that appears at `target`; '' for the whole. */
      readonly subpath: string;
      readonly target: string;
    }
  | {
      /** A read-only view of a snapshot chain, or a folder of it. */
      readonly type: 'layers';
      readonly lowerDirs: readonly string[];
      readonly subpath: string;
      readonly target: string;
    }
  | { readonly type: 'tmpfs'; readonly target: string; readonly sizeBytes?: number; readonly mode?: number };

/** Numeric, as resolved against the root's own passwd and group. */
export interface ExecUser {
  readonly uid: number;
  readonly gid: number;
  readonly additionalGids: readonly number[];
}

export interface ExecLimits {
  readonly memoryBytes?: number;
  /** CPUs, such as 1.5. */
  readonly cpus?: number;
  readonly pids?: number;
  readonly ulimits?: readonly { readonly name: string; readonly soft: number; readonly hard: number }[];
}

/**
 * Standard streams of the process. `capture`: stdin is empty and output goes to `onOutput`. `inherit`: the command's
 * own streams (and its terminal, when `terminal` is set) belong to the process.
 */
export type ExecStdio =
  | { readonly kind: 'capture'; onOutput(stream: 'stdout' | 'stderr', chunk: Buffer): void }
  | {
      readonly kind: 'inherit';
      readonly stdin: boolean;
      readonly terminal: boolean;
      /** Of the terminal; a runtime makes one of its own, which has none. */
      readonly terminalSize?: TerminalSize | undefined;
    };

/** In characters. */
export interface TerminalSize {
  readonly rows: number;
  readonly columns: number;
}

/** One process in a root filesystem. Plain data but for the output callback. */
export interface ExecSpec {
  /** Unique on this machine; names the runtime's state and the cgroup. */
  readonly id: string;
  readonly root: RootMount;
  readonly readOnlyRoot: boolean;
  /** The program is looked up in `env`'s PATH inside the root when it has no slash. */
  readonly argv: readonly string[];
  /** `NAME=value`. */
  readonly env: readonly string[];
  readonly cwd: string;
  readonly user: ExecUser;
  readonly mounts: readonly ExecMount[];
  readonly network: 'host' | 'none';
  /** `insecure`: all capabilities, no seccomp, no masked paths. */
  readonly security: 'sandbox' | 'insecure';
  readonly hostname: string;
  /** Extra lines for /etc/hosts. */
  readonly extraHosts: readonly { readonly name: string; readonly address: string }[];
  readonly shmSizeBytes?: number;
  readonly limits: ExecLimits;
  readonly stdio: ExecStdio;
}

export interface ExecResult {
  /** 0 to 255; a process ended by signal N gives 128 + N. 126 and 127 when it could not be started. */
  readonly exitCode: number;
  /** What could not be applied and was not asked for strictly, in sentences for people ("no cgroup: --memory has no effect"). */
  readonly warnings: readonly string[];
  /** Why the program could not be started (126 and 127), in one sentence; undefined when it ran. */
  readonly startFailure?: string;
}

export type Isolation = 'oci' | 'namespaces' | 'chroot';

/**
 * Runs one process in a root filesystem and waits for its end. Mounts live in a private mount namespace that ends
 * with the process, so that nothing is left behind however this process ends. Aborting the signal kills the process and all its
 * children and rejects with the signal's reason.
 * @throws KnownError SANDBOX_* when the sandbox itself could not be made.
 */
export interface Executor {
  readonly isolation: Isolation;
  /** What implements it, for people: `crun 1.21`, `unshare (util-linux 2.38)`. */
  readonly description: string;
  run(spec: ExecSpec, signal: AbortSignal, control?: ExecControl): Promise<ExecResult>;
}

/** How a caller reaches a running process, filled by the executor once it runs. */
export interface ExecControl {
  /** Called with a function that sends a signal to the process (PID 1 of its namespace). */
  onStarted(send: (signal: NodeJS.Signals) => void): void;
}
