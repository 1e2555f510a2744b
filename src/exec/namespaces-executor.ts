/**
 * Runs processes with nothing but util-linux and a shell: namespaces, a root of its own by pivot_root, docker's
 * capabilities. It knows no runtime and no seccomp. What surprises: see namespace-scripts.ts for who does what when.
 */
import { accessSync, constants, mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KnownError, systemErrorCode } from '../diagnostics/known-error.ts';
import { stripControl } from '../diagnostics/redact.ts';
import { makeCgroupLimits } from './cgroup-limits.ts';
import type { ExecControl, ExecResult, ExecSpec, Executor } from './executor.ts';
import { exportedEnvironment } from './exported-environment.ts';
import { type HelperResult, type RunningHelper, runHelper } from './helper-process.ts';
import { devFolderMount, deviceMounts, type KernelMountOptions, procMounts } from './kernel-mounts.ts';
import { type MountLine, mountTable, overlayLine, preparedLine } from './mount-table.ts';
import { DETACH, FINAL, INNER, OUTER } from './namespace-scripts.ts';
import type { PreparedMount } from './prepared-mount.ts';
import { limitArgv, privilegeArgv } from './privilege-argv.ts';
import { childrenOf, sendSignal } from './process-tree.ts';
import { refuseStart } from './refuse-start.ts';
import { sandboxFailure } from './sandbox-failure.ts';
import { isBelowMount, makeSandboxFolder, type SandboxFolder } from './sandbox-folder.ts';
import { shellQuote } from './shell-text.ts';
import { type UserNamespace, userNamespace } from './user-namespace.ts';

const SHELL = '/bin/sh';

/** One run, once its folder and its limits are made. */
interface Running {
  readonly folder: SandboxFolder;
  /** Folders of cgroups to enter. */
  readonly cgroups: readonly string[];
  readonly spec: ExecSpec;
  readonly signal: AbortSignal;
  readonly control: ExecControl | undefined;
}

export class NamespacesExecutor implements Executor {
  readonly isolation = 'namespaces';
  readonly description: string;
  readonly #ids: UserNamespace;

  /** `description` names the version of util-linux, for people. */
  constructor(description = 'unshare (util-linux)', ids: UserNamespace = userNamespace()) {
    this.description = description;
    this.#ids = ids;
  }

  async run(spec: ExecSpec, signal: AbortSignal, control?: ExecControl): Promise<ExecResult> {
    const refused = refuseStart(spec, this.#ids, signal);
    if (refused) return refused;
    const folder = makeSandboxFolder(spec);
    const limits = makeCgroupLimits({ id: spec.id, limits: spec.limits, guardDevices: false });
    try {
      const result = await this.#runIn({ folder, cgroups: limits.folders, spec, signal, control });
      return { ...result, warnings: [...limits.warnings, ...result.warnings] };
    } finally {
      limits.remove();
      folder.remove();
    }
  }

  async #runIn({ folder, cgroups, spec, signal, control }: Running): Promise<ExecResult> {
    this.#writeTables(folder, spec);
    const warnings: string[] = [];
    const setup = setupLine(folder, spec);
    const start = startSequence(setup, warnings, control);
    const { exitCode, diagnostics }: HelperResult = await runHelper({
      argv: this.#argv(folder, spec, cgroups),
      dir: folder.dir,
      stdio: spec.stdio,
      signal,
      onWord: start.onWord,
    });
    if (!start.isStarted()) throw sandboxFailure('namespaces', exitCode, diagnostics);
    return { exitCode, warnings };
  }

  #argv(folder: SandboxFolder, spec: ExecSpec, cgroups: readonly string[]): readonly [string, ...string[]] {
    const ownNetwork = spec.network === 'none';
    return [
      ...['unshare', '--pid', '--fork', '--kill-child', '--mount', '--propagation', 'private', '--ipc', '--uts'],
      ...[...(ownNetwork ? ['--net'] : []), '--'],
      ...['sh', '-c', OUTER, 'sh', folder.rootDir, DETACH, INNER, ownNetwork ? '1' : '0'],
      ...[cgroups.join(' '), spec.hostname, entersEarly(folder) ? folder.cwd : ''],
      ...limitArgv(spec),
      ...privilegeArgv(spec, this.#ids),
      ...[SHELL, '-c', FINAL, 'sh', ...spec.argv],
    ] as [string, ...string[]];
  }

  #writeTables(folder: SandboxFolder, spec: ExecSpec): void {
    const { dir, rootDir, mounts } = folder;
    refuseMovingTargets(mounts);
    const inUserNamespace = this.#ids.kind !== 'root';
    const allowDevices = spec.security === 'insecure';
    const kernel: KernelMountOptions = {
      ...{ spec, dir, rootDir, inUserNamespace },
      mapsTtyGroup: this.#ids.gidCount > 5,
    };
    mkdirSync(join(dir, 'host'));
    const overlays = folder.overlays.map((overlay) =>
      overlayLine(overlay, { inUserNamespace, readOnly: overlay.isRoot && spec.readOnlyRoot, allowDevices }),
    );
    const lines = (nested: boolean): MountLine[] =>
      mounts.filter((mount) => mount.nested === nested).map((mount) => preparedLine(mount, rootDir, allowDevices));
    const outer = [
      hostLine(dir),
      ...shellLine(),
      ...overlays,
      ...rootLine(folder, spec),
      devFolderMount(kernel),
      ...deviceMounts(kernel),
      ...lines(false),
    ];
    writeFileSync(join(dir, 'outer.fstab'), mountTable(outer));
    writeFileSync(join(dir, 'inner.fstab'), mountTable(procMounts(kernel)));
    const nested = lines(true);
    if (nested.length === 0) return;
    writeFileSync(join(dir, 'nested.fstab'), mountTable(nested));
    writeFileSync(join(dir, 'stubs'), nestedStubs(folder));
  }
}

/** The machine's root once more, from where the old root can be taken away. */
function hostLine(dir: string): MountLine {
  return { source: '/', target: join(dir, 'host'), type: 'none', options: ['rbind'] };
}

/**
 * The program can start /proc/self/exe, which is what became it, the shell of FINAL: nobody in a sandbox must change its
 * mode or its content. One that this user cannot change needs no guard.
 */
function shellLine(): MountLine[] {
  const path = realpathSync.native(SHELL);
  return isWritable(path) ? [{ source: path, target: path, type: 'none', options: ['bind', 'ro'] }] : [];
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch (error) {
    if (['EACCES', 'EPERM', 'EROFS'].includes(systemErrorCode(error) ?? '')) return false;
    throw error;
  }
}

/** A plain directory has to become a mount of its own before it can be the root. */
function rootLine(folder: SandboxFolder, spec: ExecSpec): MountLine[] {
  if (spec.root.kind === 'overlay') return [];
  const options = ['rbind', ...(spec.readOnlyRoot ? ['ro'] : [])];
  return [{ source: spec.root.path, target: folder.rootDir, type: 'none', options }];
}

/**
 * In a folder of this machine others may put a link in a directory's place between a shell's look at it and the mount,
 * which would then be made wherever the link leads on this machine.
 * @throws KnownError SANDBOX_MOUNT_FAILED
 */
function refuseMovingTargets(mounts: readonly PreparedMount[]): void {
  const folders = mounts.filter((mount) => mount.type === 'bind' && mount.pointType === 'directory' && !mount.view);
  for (const { target } of mounts) {
    const outer = folders.find((folder) => target.startsWith(`${folder.target}/`));
    if (!outer) continue;
    const message = `Without perl nothing can be mounted at ${stripControl(target)}: others may write to ${stripControl(outer.target)}.`;
    throw new KnownError('SANDBOX_MOUNT_FAILED', message, {
      hint: `Install the package perl, crun or runc, or choose a target outside of ${stripControl(outer.target)}.`,
    });
  }
}

/** Shell commands for the mount points that lie within another mount. */
function nestedStubs({ mounts, rootDir }: SandboxFolder): string {
  const commands = mounts
    .filter(({ nested }) => nested)
    .map((mount) => {
      const path = shellQuote(rootDir + mount.target);
      if (mount.type === 'tmpfs' || mount.pointType === 'directory') return `mkdir -p ${path}`;
      const parent = shellQuote(rootDir + mount.target.slice(0, mount.target.lastIndexOf('/')));
      return `[ -e ${path} ] || { mkdir -p ${parent} && : >${path}; }`;
    });
  return `${commands.join('\n')}\n`;
}

/**
 * The working directory is entered with all privileges, as runtimes do it, where no mount can lead elsewhere; below
 * a mount it is entered by the process itself, when it already has its root.
 */
function entersEarly({ cwd, mounts }: SandboxFolder): boolean {
  return !isBelowMount(cwd, mounts);
}

/** What FINAL evaluates once it has its root. */
function setupLine(folder: SandboxFolder, spec: ExecSpec): string {
  const enter = entersEarly(folder) ? ':' : `cd -- ${shellQuote(spec.cwd)} || exit 126`;
  return `${enter}; ${exportedEnvironment(spec, 'namespaces')}`;
}

/** Answers the words of the scripts in their order, and knows whether the program was let go. */
function startSequence(
  setup: string,
  warnings: string[],
  control: ExecControl | undefined,
): { onWord(word: string, helper: RunningHelper): void; isStarted(): boolean } {
  const waiting = new Set(['detach-ready', 'final-ready']);
  let started = false;
  return {
    isStarted: () => started,
    onWord: (word, helper) => {
      if (waiting.delete(word) && waiting.size === 0) helper.tell(4, 'go');
      if (word === 'no-loopback') warnings.push('no "ip" or "ifconfig": the loopback interface stays down');
      if (word !== 'detached') return;
      started = true;
      helper.tell(5, setup);
      control?.onStarted((signal) => {
        const init = containerInit(helper.pid);
        if (init !== undefined) sendSignal(init, signal);
      });
    },
  };
}

/** The container's first process: below the helper is OUTER, below that its last child, the inner `unshare`. */
function containerInit(helper: number): number | undefined {
  return [1, 2, 3].reduce<number | undefined>(
    (pid) => (pid === undefined ? undefined : childrenOf(pid).at(-1)),
    helper,
  );
}
