/**
 * Runs processes in namespaces of their own by a short program for perl, which every Debian and most other machines
 * have: one process makes all system calls that a runtime or a chain of programs would make, docker's seccomp filter
 * included. What surprises: it is the fastest of all executors, since starting programs is what a sandbox costs.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { hasDeviceHierarchy, makeCgroupLimits } from './cgroup-limits.ts';
import type { ExecControl, ExecResult, ExecSpec, ExecStdio, Executor } from './executor.ts';
import { LauncherProcess } from './launcher-process.ts';
import { type OutputPipe, openOutputPipe } from './output-pipe.ts';
import { childrenOf, sendSignal } from './process-tree.ts';
import { kernelStartFailure, startFailureResult } from './program-lookup.ts';
import { refuseStart } from './refuse-start.ts';
import { sandboxFailure } from './sandbox-failure.ts';
import { makeSandboxFolder, type SandboxFolder } from './sandbox-folder.ts';
import { type Sandbox, sandboxNamespaces, sandboxPlan } from './sandbox-plan.ts';
import { type UserNamespace, userNamespace } from './user-namespace.ts';

/** What of a sandbox depends on the launcher. */
type Means = Pick<Sandbox, 'folder' | 'spec' | 'guardsDevices' | 'cgroups'>;

export class PerlExecutor implements Executor {
  readonly isolation = 'namespaces';
  readonly #perl: string;
  readonly #ids: UserNamespace;
  readonly #hasDeviceGuard: boolean;
  #shared: { readonly launcher: LauncherProcess; readonly guardsDevices: boolean } | undefined;

  /** `perl` is the path of the program. */
  constructor(perl = '/usr/bin/perl', ids: UserNamespace = userNamespace()) {
    this.#perl = perl;
    this.#ids = ids;
    this.#hasDeviceGuard = ids.kind === 'root' && hasDeviceHierarchy();
  }

  /** Starts perl to ask for its version. */
  get description(): string {
    const { stdout } = spawnSync(this.#perl, ['-e', 'printf "%vd", $^V'], { encoding: 'utf8' });
    return `perl ${stdout ?? ''}`.trim();
  }

  async run(spec: ExecSpec, signal: AbortSignal, control?: ExecControl): Promise<ExecResult> {
    const refused = refuseStart(spec, this.#ids, signal);
    if (refused) return refused;
    const folder = makeSandboxFolder(spec);
    try {
      if (mayShare(spec)) return await this.#runShared(folder, spec, signal, control);
      return await this.#runAlone(folder, spec, signal, control);
    } finally {
      folder.remove();
    }
  }

  /** By a launcher that all such runs use. */
  async #runShared(
    folder: SandboxFolder,
    spec: ExecSpec,
    signal: AbortSignal,
    control?: ExecControl,
  ): Promise<ExecResult> {
    if (!this.#shared || this.#shared.launcher.hasEnded) this.#shared = this.#startShared();
    const { launcher, guardsDevices } = this.#shared;
    return this.#runBy(launcher, { folder, spec, guardsDevices, cgroups: [] }, signal, control);
  }

  #startShared(): { readonly launcher: LauncherProcess; readonly guardsDevices: boolean } {
    const options = { id: 'steps', limits: {}, guardDevices: this.#hasDeviceGuard };
    const { folders: cgroups, guardsDevices } = makeCgroupLimits(options);
    return { launcher: new LauncherProcess({ perl: this.#perl, cgroups }), guardsDevices };
  }

  /** By a launcher of its own, which has the streams and the limits of this run. */
  async #runAlone(
    folder: SandboxFolder,
    spec: ExecSpec,
    signal: AbortSignal,
    control?: ExecControl,
  ): Promise<ExecResult> {
    const guardDevices = this.#hasDeviceGuard && spec.security === 'sandbox';
    const limits = makeCgroupLimits({ id: spec.id, limits: spec.limits, guardDevices });
    const { folders: cgroups, guardsDevices } = limits;
    const inherit = spec.stdio.kind === 'inherit' ? { inherit: { stdin: spec.stdio.stdin } } : {};
    const launcher = new LauncherProcess({ perl: this.#perl, cgroups: [], ...inherit });
    try {
      const result = await this.#runBy(launcher, { folder, spec, guardsDevices, cgroups }, signal, control);
      return { ...result, warnings: [...limits.warnings, ...result.warnings] };
    } finally {
      await launcher.close();
      limits.remove();
    }
  }

  async #runBy(
    launcher: LauncherProcess,
    means: Means,
    signal: AbortSignal,
    control: ExecControl | undefined,
  ): Promise<ExecResult> {
    const { folder, spec } = means;
    const pipes = openPipes(folder, spec);
    const [stdout, stderr] = pipes;
    const output = stdout && stderr && { stdout: stdout.path, stderr: stderr.path };
    const warnings: string[] = [];
    let state: 'preparing' | 'starting' | number = 'preparing';
    const reading = pipes.map((pipe, index) => pipe.read((chunk) => pass(spec.stdio, index, chunk)));
    try {
      const { exitCode, complaints } = await launcher.launch({
        ...{ dir: folder.dir, signal, namespaces: sandboxNamespaces(spec) },
        plan: sandboxPlan({ ...means, ids: this.#ids, output }),
        onWord: (word, pid) => {
          if (word === 'no-loopback') warnings.push('the loopback interface stays down');
          if (word.startsWith('not-started ')) state = Number(word.slice('not-started '.length));
          if (word !== 'starting') return;
          state = 'starting';
          control?.onStarted((name) => signalProgram(pid, name));
        },
      });
      if (state === 'preparing' || exitCode === undefined)
        throw sandboxFailure('namespaces', exitCode ?? 125, complaints);
      if (state !== 'starting') return startFailureResult(spec, kernelStartFailure(spec, state));
      return { exitCode, warnings };
    } finally {
      for (const pipe of pipes) pipe.release();
      await Promise.all(reading);
    }
  }
}

/** Limits hold for all that a launcher starts, and a device guard keeps devices from insecure steps, too. */
function mayShare({ limits, security, stdio }: ExecSpec): boolean {
  const { memoryBytes, cpus, pids } = limits;
  return (
    stdio.kind === 'capture' &&
    security === 'sandbox' &&
    [memoryBytes, cpus, pids].every((limit) => limit === undefined)
  );
}

function openPipes({ dir }: SandboxFolder, { stdio }: ExecSpec): OutputPipe[] {
  return stdio.kind === 'capture' ? ['stdout', 'stderr'].map((name) => openOutputPipe(join(dir, name))) : [];
}

function pass(stdio: ExecStdio, index: number, chunk: Buffer): void {
  if (stdio.kind === 'capture') stdio.onOutput(index === 0 ? 'stdout' : 'stderr', chunk);
}

/** The child of the sandbox's first process is the program. */
function signalProgram(first: number, signal: NodeJS.Signals): void {
  const program = childrenOf(first).at(-1);
  if (program !== undefined) sendSignal(program, signal);
}
