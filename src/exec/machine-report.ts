import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { release } from 'node:os';
import { join } from 'node:path';
import { KnownError } from '../diagnostics/known-error.ts';
import { isUnified, makeCgroupLimits } from './cgroup-limits.ts';
import type { Isolation } from './executor.ts';
import { probeExecutor } from './probe-executor.ts';
import { selectExecutor } from './select-executor.ts';
import { subordinateIdsRemedy, userNamespace } from './user-namespace.ts';

/** Whether something works here, and if not why and what would help. */
export interface Finding {
  readonly works: boolean;
  /** What it is (`crun 1.21`), or why it does not work. */
  readonly detail: string;
  /** One command or one step. */
  readonly remedy?: string | undefined;
}

/** What this machine lets this user do. */
export interface MachineReport {
  readonly kernel: string;
  readonly architecture: string;
  readonly isolation: Readonly<Record<Isolation, Finding>>;
  /** What steps run with unless they are told otherwise. */
  readonly auto: Finding;
  readonly overlay: Finding;
  /** Whether owners other than the user can be kept on disk. */
  readonly ids: Finding;
  readonly limits: Finding;
}

const KINDS: readonly Isolation[] = ['oci', 'namespaces', 'chroot'];
const REMEDIES: Readonly<Record<Isolation, string>> = {
  oci: 'as root: apt-get install crun',
  namespaces: 'allow user namespaces, or run in a container with --security-opt seccomp=unconfined',
  chroot: 'run as root, or allow user namespaces',
};

/** Tries out everything it says, below `workDir` (a folder of the store, which decides about overlays). Some hundred milliseconds. */
export async function machineReport(workDir: string): Promise<MachineReport> {
  mkdirSync(workDir, { recursive: true });
  const found: (readonly [Isolation, Finding])[] = [];
  // One after the other: a machine under load must not look like one that cannot.
  for (const kind of KINDS) found.push([kind, await tryIsolation(kind, workDir)]);
  return {
    kernel: release(),
    architecture: process.arch,
    isolation: Object.fromEntries(found) as MachineReport['isolation'],
    auto: await findAuto(workDir),
    overlay: tryOverlay(workDir),
    ids: findIds(),
    limits: tryLimits(),
  };
}

async function tryIsolation(kind: Isolation, workDir: string): Promise<Finding> {
  if (kind === 'chroot') return tryChroot();
  try {
    const executor = await selectExecutor(kind);
    const reason = await probeExecutor(executor, workDir);
    return reason === undefined
      ? { works: true, detail: executor.description }
      : { works: false, detail: `${executor.description}: ${reason}`, remedy: REMEDIES[kind] };
  } catch (error) {
    if (!(error instanceof KnownError)) throw error;
    return { works: false, detail: error.message, remedy: error.hint ?? REMEDIES[kind] };
  }
}

async function findAuto(memoryDir: string): Promise<Finding> {
  try {
    const { isolation, description } = await selectExecutor('auto', { memoryDir });
    return { works: true, detail: `${isolation} (${description})` };
  } catch (error) {
    if (!(error instanceof KnownError)) throw error;
    return { works: false, detail: error.message, remedy: error.hint };
  }
}

/** Without mounts a test would copy this machine's programs into its root, which takes longer than anybody waits. */
function tryChroot(): Finding {
  const { status, stderr, error } = spawnSync('chroot', ['/', 'true'], { encoding: 'utf8' });
  if (status === 0) return { works: true, detail: 'chroot, without mounts and namespaces' };
  return { works: false, detail: (error?.message ?? stderr).trim(), remedy: REMEDIES.chroot };
}

/** In a mount namespace of its own, which ends with the command. */
function tryOverlay(workDir: string): Finding {
  const dir = mkdtempSync(join(workDir, '.overlay-'));
  try {
    for (const name of ['lower', 'upper', 'work', 'merged']) mkdirSync(join(dir, name));
    const attributes = userNamespace().kind === 'root' ? '' : ',userxattr';
    const options = `lowerdir=lower,upperdir=upper,workdir=work${attributes}`;
    const argv = ['--mount', '--', 'mount', '-t', 'overlay', 'overlay', '-o', options, 'merged'];
    const { status, stderr, error } = spawnSync('unshare', argv, { cwd: dir, encoding: 'utf8' });
    if (status === 0) return { works: true, detail: 'steps see their files without a copy' };
    const reason = (error?.message ?? stderr).trim().split('\n')[0];
    return { works: false, detail: `no overlay can be made in the store (${reason})`, remedy: overlayRemedy() };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function overlayRemedy(): string {
  if (existsSync('/.dockerenv')) return 'put the store on a volume: --root or SLIPWAY_ROOT';
  return 'Linux 5.11 or newer, and a store on ext4, xfs or btrfs (--root or SLIPWAY_ROOT)';
}

function findIds(): Finding {
  const { kind, uidCount } = userNamespace();
  switch (kind) {
    case 'root':
      return { works: true, detail: 'root: all ids' };
    case 'subids':
      return { works: true, detail: `${uidCount} ids, by subordinate ids` };
    case 'single':
      return { works: false, detail: 'one id: steps cannot become another user', remedy: subordinateIdsRemedy() };
    case 'none':
      return { works: false, detail: 'an ordinary user without a user namespace', remedy: REMEDIES.namespaces };
  }
}

function tryLimits(): Finding {
  const limits = makeCgroupLimits({
    id: 'info',
    limits: { memoryBytes: 64 * 1024 * 1024, cpus: 1, pids: 100 },
    guardDevices: false,
  });
  limits.remove();
  const version = isUnified() ? 'cgroups v2' : 'cgroups v1';
  if (limits.warnings.length === 0) return { works: true, detail: `${version}: --memory, --cpus, --pids-limit` };
  const reasons = new Set(limits.warnings.map((warning) => warning.replace(/^--\S+ has no effect: /, '')));
  return { works: false, detail: `${version}: ${[...reasons].join('; ')}`, remedy: LIMITS_REMEDY };
}

const LIMITS_REMEDY = 'systemd-run --user --scope -p Delegate=yes slipway …';
