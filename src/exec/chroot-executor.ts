/**
 * Runs processes where nothing may be mounted and no namespace made, as in an ordinary container: the root is changed,
 * mounts are copies, and that is all that keeps the process apart. What surprises: there is no /proc, the process sees
 * this machine's processes and host name, and a guard beside it ends whatever it leaves running.
 */
import { mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { KnownError } from '../diagnostics/known-error.ts';
import { capabilitiesOf } from './capabilities.ts';
import { makeCgroupLimits } from './cgroup-limits.ts';
import { EmulatedMounts } from './emulated-mounts.ts';
import type { ExecControl, ExecResult, ExecSpec, Executor } from './executor.ts';
import { exportedEnvironment } from './exported-environment.ts';
import { runHelper } from './helper-process.ts';
import { limitArgv, privilegeArgv } from './privilege-argv.ts';
import { killProcessesRootedIn, sendSignal } from './process-tree.ts';
import { refuseStart } from './refuse-start.ts';
import { sandboxFailure } from './sandbox-failure.ts';
import { makeSandboxFolder } from './sandbox-folder.ts';
import { type UserNamespace, userNamespace } from './user-namespace.ts';

/**
 * $1 the root, $2 cgroup folders to enter; the rest is the command, by a full path since PATH becomes the program's.
 * The guard waits for the end of fd 4: then this process's owner is done or gone. A process can leave its group but
 * not its root, which only a privileged guard can see.
 */
const SCRIPT = `
root=$1 cgroups=$2
shift 2
for cgroup in $cgroups; do echo 0 >"$cgroup/cgroup.procs" 2>&3 || exit 125; done
(
  exec 0</dev/null 1>/dev/null 2>&1 5<&-
  read -r end <&4
  for round in 1 2 3; do
    for process in /proc/[0-9]*; do
      [ "$process/root" -ef "$root" ] && kill -9 "\${process#/proc/}"
    done
  done
  exec 3>&-
  kill -9 -- "-$$"
) &
nl='
'
IFS= read -r setup <&5 || exit 125
umask 0022
exec 3>&- 4<&- 5<&-
eval "$setup"
exec "$@"
`;

export class ChrootExecutor implements Executor {
  readonly isolation = 'chroot';
  readonly description = 'chroot, without mounts and namespaces';
  readonly #ids: UserNamespace;

  constructor(ids: UserNamespace = userNamespace()) {
    this.#ids = ids;
  }

  async run(spec: ExecSpec, signal: AbortSignal, control?: ExecControl): Promise<ExecResult> {
    const { root } = spec;
    if (root.kind !== 'directory') throw new Error('chroot needs a root that is a directory');
    refuseImpossible(spec);
    const refused = refuseStart(spec, this.#ids, signal);
    if (refused) return refused;
    const folder = makeSandboxFolder(spec);
    const limits = makeCgroupLimits({ id: spec.id, limits: spec.limits, guardDevices: false });
    const aside = join(folder.dir, 'aside');
    mkdirSync(aside);
    const mounts = new EmulatedMounts(root.path, aside);
    try {
      mounts.placeDevices(spec.shmSizeBytes);
      for (const mount of folder.mounts) mounts.place(mount);
      const { exitCode } = await this.#start(
        { spec, root: root.path, dir: folder.dir, cgroups: limits.folders },
        signal,
        control,
      );
      return { exitCode, warnings: [...limits.warnings, ...mounts.warnings] };
    } finally {
      // The guard only knows processes with this very root, not those that changed it once more.
      killProcessesRootedIn(realpathSync.native(root.path));
      try {
        mounts.takeAway();
      } finally {
        limits.remove();
        folder.remove();
      }
    }
  }

  async #start(
    { spec, root, dir, cgroups }: { spec: ExecSpec; root: string; dir: string; cgroups: readonly string[] },
    signal: AbortSignal,
    control: ExecControl | undefined,
  ): Promise<{ exitCode: number }> {
    const { exitCode, diagnostics } = await runHelper({
      argv: ['sh', '-c', SCRIPT, 'sh', root, cgroups.join(' '), ...this.#command(spec, root)],
      dir,
      stdio: spec.stdio,
      signal,
      ownSession: true,
      onStart: (helper) => {
        helper.tell(5, exportedEnvironment(spec, 'chroot'));
        control?.onStarted((name) => sendSignal(helper.pid, name));
      },
    });
    if (exitCode === 125 && diagnostics !== '') throw sandboxFailure('chroot', exitCode, diagnostics);
    return { exitCode };
  }

  /** unshare makes no namespace here: it changes root, directory and user, in the order that needs the fewest rights. */
  #command(spec: ExecSpec, root: string): string[] {
    const { uid } = spec.user;
    return [
      ...limitArgv(spec).map(inSystem),
      ...privilegeArgv(spec, { ...this.#ids }, { keepUser: true, maySetBounds: maySetBounds() }).map(inSystem),
      ...['/usr/bin/unshare', `--root=${root}`, `--wd=${spec.cwd}`, ...(uid === 0 ? [] : [`--setuid=${uid}`]), '--'],
      ...spec.argv,
    ];
  }
}

/** The first word of a command of this machine by its path. */
function inSystem(word: string, index: number): string {
  return index === 0 ? `/usr/bin/${word}` : word;
}

function maySetBounds(): boolean {
  return capabilitiesOf('self').includes('CAP_SETPCAP');
}

/** What would be different without anybody noticing is refused. */
function refuseImpossible(spec: ExecSpec): void {
  const impossible =
    (spec.network === 'none' && 'a step without network') ||
    (spec.readOnlyRoot && 'a read-only root') ||
    (spec.env.some((setting) => /^(LD_|GLIBC_TUNABLES=)/.test(setting)) && 'variables of the dynamic linker (LD_…)');
  if (!impossible) return;
  throw new KnownError('SANDBOX_UNAVAILABLE', `With --isolation=chroot there is no way to have ${impossible}.`, {
    hint: 'Use --isolation=oci or --isolation=namespaces where the machine allows them.',
  });
}
