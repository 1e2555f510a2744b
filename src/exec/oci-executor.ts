/**
 * Runs processes by crun or runc: a bundle beside the snapshot, the overlay mounted in a mount namespace that ends with
 * the runtime. What surprises: the runtime itself is process 1 of a process namespace of its own, so that its death
 * (or this process's) ends everything in the container; and bookworm's crun refuses machines with both kinds of
 * cgroups unless it does not see the second one.
 */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { capabilitiesOf } from './capabilities.ts';
import { makeCgroupLimits } from './cgroup-limits.ts';
import { type DeviceGuard, deviceGuard, requireGuard } from './device-guard.ts';
import type { ExecControl, ExecResult, ExecSpec, Executor } from './executor.ts';
import { runHelper } from './helper-process.ts';
import { withHome } from './home-directory.ts';
import { type MountLine, mountTable, overlayLine } from './mount-table.ts';
import { ociConfig } from './oci-config.ts';
import { readRuntimeLog } from './oci-log.ts';
import type { OciRuntime } from './oci-runtime.ts';
import { childrenOf, sendSignal } from './process-tree.ts';
import { refuseStart } from './refuse-start.ts';
import { cgroupsPath, type HiddenCgroups, hiddenCgroups, removeCgroups, removeDeadCgroups } from './runtime-cgroups.ts';
import { sandboxFailure } from './sandbox-failure.ts';
import { makeSandboxFolder, type SandboxFolder } from './sandbox-folder.ts';
import { type UserNamespace, userNamespace } from './user-namespace.ts';

/**
 * The kernel takes some 10 ms to move a process into a cgroup, so that is done beside the mounts; this script is
 * process 1 of its namespace. $1 mount points to take away first, $2 cgroup folders to enter; the rest is the
 * runtime's command.
 */
const SCRIPT = `
hidden=$1 cgroups=$2
shift 2
( for cgroup in $cgroups; do echo 1 >"$cgroup/cgroup.procs" || exit; done ) 2>&3 &
[ ! -s outer.fstab ] || mount -a -T outer.fstab >&3 2>&3 || exit 125
wait "$!" || exit 125
[ -z "$hidden" ] || umount -n -l $hidden 2>&3
echo slipway:starting >&3
exec 3>&- 4<&- 5<&-
exec "$@"
`;

/** The folder of the runtime's own notes, in the sandbox's. */
const STATE = 'state';

const LOOK_AGAIN_MS = 10;

/** One run, once its folder and its limits are made. */
interface Running {
  readonly folder: SandboxFolder;
  /** Folders of cgroups to enter. */
  readonly cgroups: readonly string[];
  readonly spec: ExecSpec;
  readonly signal: AbortSignal;
  readonly control: ExecControl | undefined;
}

export class OciExecutor implements Executor {
  readonly isolation = 'oci';
  readonly #runtime: OciRuntime;
  readonly #ids: UserNamespace;
  readonly #guard: DeviceGuard;
  readonly #makesCgroups: boolean;

  constructor(runtime: OciRuntime, ids: UserNamespace = userNamespace()) {
    this.#runtime = runtime;
    this.#ids = ids;
    this.#guard = deviceGuard(runtime, ids);
    this.#makesCgroups = this.#guard === 'runtime';
    if (this.#makesCgroups) removeDeadCgroups();
  }

  get description(): string {
    return this.#runtime.description;
  }

  async run(spec: ExecSpec, signal: AbortSignal, control?: ExecControl): Promise<ExecResult> {
    const refused = refuseStart(spec, this.#ids, signal);
    if (refused) return refused;
    const folder = makeSandboxFolder(spec);
    const limits = makeCgroupLimits({
      id: spec.id,
      // Limits for runc itself would be too narrow for it: it is a large program.
      limits: this.#makesCgroups ? {} : spec.limits,
      guardDevices: this.#guard === 'own' && spec.security === 'sandbox',
    });
    try {
      if (spec.security === 'sandbox') requireGuard(this.#guard, limits.guardsDevices);
      const result = await this.#runIn({ folder, cgroups: limits.folders, spec, signal, control });
      return { ...result, warnings: [...limits.warnings, ...result.warnings] };
    } finally {
      limits.remove();
      folder.remove();
      // runc removes its cgroup itself, unless it was killed.
      if (this.#makesCgroups && signal.aborted) removeCgroups(spec.id);
    }
  }

  async #runIn({ folder, cgroups, spec, signal, control }: Running): Promise<ExecResult> {
    const hidden = hiddenCgroups({
      runtime: this.#runtime,
      isMachineRoot: this.#ids.kind === 'root',
      limits: spec.limits,
    });
    this.#writeBundle(folder, spec, hidden);
    const { dir } = folder;
    using start = new StartWatch(dir, control);
    const { exitCode, diagnostics } = await runHelper({
      argv: this.#argv({ folder, cgroups, spec }, hidden),
      dir,
      stdio: spec.stdio,
      signal,
      onWord: (_, { pid }) => start.begin(pid),
    });
    if (!start.hasBegun) throw sandboxFailure('oci', exitCode, diagnostics);
    const failure = exitCode === 0 ? undefined : readRuntimeLog(join(dir, 'log.json'));
    if (!failure) return { exitCode, warnings: [] };
    if (failure.exitCode === undefined) throw sandboxFailure('oci', exitCode, failure.message);
    return { exitCode: failure.exitCode, warnings: [], startFailure: failure.message };
  }

  #argv(
    { folder, cgroups, spec }: Pick<Running, 'folder' | 'cgroups' | 'spec'>,
    hidden: HiddenCgroups,
  ): readonly [string, ...string[]] {
    const { dir } = folder;
    return [
      ...['unshare', '--mount', '--propagation', 'private', '--pid', '--fork', '--kill-child', '--mount-proc', '--'],
      ...['sh', '-c', SCRIPT, 'sh', hidden.removed.join(' '), cgroups.join(' ')],
      ...[this.#runtime.path, '--root', join(dir, STATE), '--log', join(dir, 'log.json'), '--log-format', 'json'],
      ...(this.#runtime.kind === 'crun' ? [`--cgroup-manager=${this.#makesCgroups ? 'cgroupfs' : 'disabled'}`] : []),
      ...['run', '--bundle', dir, '--pid-file', join(dir, 'pid'), spec.id],
    ] as [string, ...string[]];
  }

  #writeBundle(folder: SandboxFolder, spec: ExecSpec, hidden: HiddenCgroups): void {
    const { dir, rootDir, mounts } = folder;
    const isMachineRoot = this.#ids.kind === 'root';
    const hasDeviceCgroup = this.#guard === 'runtime' || this.#guard === 'own';
    const allowDevices = hasDeviceCgroup || spec.security === 'insecure';
    const overlays = folder.overlays.map((overlay) =>
      overlayLine(overlay, { inUserNamespace: !isMachineRoot, readOnly: false, allowDevices }),
    );
    const root = spec.root.kind === 'overlay' ? rootDir : spec.root.path;
    const config = ociConfig({
      ...{ spec, rootDir: root, mounts, hasDeviceCgroup, ids: this.#ids },
      setsLimits: this.#makesCgroups,
      bindsDevices: this.#runtime.kind === 'crun',
      env: withHome(spec),
      ownCapabilities: capabilitiesOf('self'),
      cgroupsPath: this.#makesCgroups ? cgroupsPath(spec.id) : undefined,
    });
    mkdirSync(join(dir, STATE));
    const lines = [...overlays, ...hidden.covered.map(coverLine), stateLine(dir)];
    writeFileSync(join(dir, 'outer.fstab'), mountTable(lines));
    writeFileSync(join(dir, 'config.json'), JSON.stringify(config), { mode: 0o600 });
  }
}

/**
 * The runtime writes its pid file when the program runs; the process is looked for when a signal is to be sent. By then the
 * configuration has been read, and the secrets in its environment need not lie on the disk any longer. The file is looked
 * for again and again, since the kernel's watches are few and a user's other programs may have them all.
 */
class StartWatch implements Disposable {
  readonly #dir: string;
  readonly #control: ExecControl | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(dir: string, control: ExecControl | undefined) {
    this.#dir = dir;
    this.#control = control;
  }

  get hasBegun(): boolean {
    return this.#timer !== undefined;
  }

  /** The mounts are made, and the runtime is next. */
  begin(helper: number): void {
    this.#timer = setInterval(() => this.#look(helper), LOOK_AGAIN_MS);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #look(helper: number): void {
    if (!existsSync(join(this.#dir, 'pid'))) return;
    clearInterval(this.#timer);
    rmSync(join(this.#dir, 'config.json'), { force: true });
    this.#control?.onStarted((signal) => {
      const runtime = childrenOf(helper).at(-1);
      const init = runtime === undefined ? undefined : childrenOf(runtime).at(-1);
      if (init !== undefined) sendSignal(init, signal);
    });
  }
}

/** In memory: runtimes keep a copy of the configuration there. */
function stateLine(dir: string): MountLine {
  return {
    source: 'state',
    target: join(dir, STATE),
    type: 'tmpfs',
    options: ['mode=700', 'nosuid', 'nodev', 'noexec'],
  };
}

function coverLine(target: string): MountLine {
  return { source: 'none', target, type: 'tmpfs', options: ['ro', 'size=4k'] };
}
