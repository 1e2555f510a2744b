import { accessSync, constants, mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { KnownError } from '../diagnostics/known-error.ts';
import { writeFileAtomic } from '../system/write-file-atomic.ts';
import { hasDeviceHierarchy } from './cgroup-limits.ts';
import { ChrootExecutor } from './chroot-executor.ts';
import type { Executor, Isolation } from './executor.ts';
import { canLaunchOn } from './launch-plan.ts';
import { NamespacesExecutor } from './namespaces-executor.ts';
import { OciExecutor } from './oci-executor.ts';
import { type OciRuntime, runtimeVersion } from './oci-runtime.ts';
import { PerlExecutor } from './perl-executor.ts';
import { probeExecutor } from './probe-executor.ts';
import { userNamespace } from './user-namespace.ts';

export interface SelectOptions {
  /** A folder of the store, where the choice of `auto` is remembered; each call tries anew without it. */
  readonly memoryDir?: string;
}

/**
 * The executor for a kind of isolation; `auto` is the first of them that works on this machine. A kind that is asked
 * for by name is not tried out: its first step says why it does not work. The machine is asked nothing before this is
 * called, so that a build whose steps are all cached pays nothing; a remembered choice costs a millisecond.
 * @throws KnownError SANDBOX_UNAVAILABLE when there is none.
 */
export async function selectExecutor(isolation: 'auto' | Isolation, options: SelectOptions = {}): Promise<Executor> {
  switch (isolation) {
    case 'namespaces':
      return remembered(options, 'namespaces', () => [...perlCandidates(), SCRIPTS]);
    case 'chroot':
      return new ChrootExecutor();
    case 'oci':
      return selectRuntime(options);
    case 'auto':
      return remembered(options, 'auto', allCandidates);
  }
}

async function selectRuntime(options: SelectOptions): Promise<Executor> {
  if (findRuntimes().length === 0) {
    throw new KnownError('SANDBOX_UNAVAILABLE', '--isolation=oci needs crun or runc, and neither is installed.', {
      hint: 'Install the package crun or runc, or use --isolation=namespaces.',
    });
  }
  return remembered(options, 'oci', () => findRuntimes().map(runtimeCandidate));
}

/** An executor that may work here; its name is stable, for remembering. */
interface Candidate {
  readonly name: string;
  make(): Executor;
}

function allCandidates(): Candidate[] {
  const runtimes = findRuntimes().map(runtimeCandidate);
  const perl = perlCandidates();
  // Only a runtime can keep devices from root where cgroups are of the second version alone, and still let a step make them.
  const isGuarded = userNamespace().kind !== 'root' || hasDeviceHierarchy();
  const ordered = isGuarded ? [...perl, ...runtimes] : [...runtimes, ...perl];
  return [...ordered, SCRIPTS, { name: 'chroot', make: () => new ChrootExecutor() }];
}

const SCRIPTS: Candidate = { name: 'namespaces', make: () => new NamespacesExecutor() };

/** Empty where perl is not installed, or the processor's calls are not known. */
function perlCandidates(): Candidate[] {
  const path = findProgram('perl');
  return path === undefined || !canLaunchOn(process.arch) ? [] : [{ name: path, make: () => new PerlExecutor(path) }];
}

function runtimeCandidate(runtime: Omit<OciRuntime, 'description'>): Candidate {
  return { name: runtime.path, make: () => new OciExecutor(describedLater(runtime)) };
}

/** Asking a runtime for its version starts it, which only a report is worth. */
function describedLater(runtime: Omit<OciRuntime, 'description'>): OciRuntime {
  return {
    ...runtime,
    get description() {
      return runtimeVersion(runtime);
    },
  };
}

async function remembered(
  { memoryDir }: SelectOptions,
  kind: string,
  candidates: () => readonly Candidate[],
): Promise<Executor> {
  const all = candidates();
  const file = memoryDir === undefined ? undefined : join(memoryDir, `executor-${kind}-${userNamespace().kind}.json`);
  const fingerprint = machineFingerprint(all);
  const known = file === undefined ? undefined : readChoice(file);
  const again = known?.fingerprint === fingerprint ? all.find(({ name }) => name === known.name) : undefined;
  if (again) return again.make();
  const { candidate, executor } = await firstThatWorks(all, memoryDir);
  if (file !== undefined) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileAtomic(file, JSON.stringify({ fingerprint, name: candidate.name }));
  }
  return executor;
}

async function firstThatWorks(
  candidates: readonly Candidate[],
  workDir: string | undefined,
): Promise<{ candidate: Candidate; executor: Executor }> {
  const reasons: string[] = [];
  for (const candidate of candidates) {
    const executor = candidate.make();
    const reason = await probeExecutor(executor, workDir);
    if (reason === undefined) return { candidate, executor };
    reasons.push(`${executor.description}: ${reason}`);
  }
  throw new KnownError('SANDBOX_UNAVAILABLE', `No kind of isolation works on this machine (${reasons.join('; ')}).`, {
    hint: 'Allow user namespaces, install runc, or run as root.',
  });
}

/** Changes with a restart of the machine and with what is installed. */
function machineFingerprint(candidates: readonly Candidate[]): string {
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
  const changes = candidates.map(({ name }) => `${name}@${name.startsWith('/') ? statSync(name).mtimeMs : 0}`);
  return [boot, readFileSync('/proc/self/uid_map', 'latin1').trim().replace(/\s+/g, ' '), ...changes].join(' ');
}

function readChoice(file: string): { readonly fingerprint?: unknown; readonly name?: unknown } | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    // Not there, or cut short by a full disk: what it held is found out again.
    return undefined;
  }
}

/** crun first: it starts a process several times faster. */
function findRuntimes(): Omit<OciRuntime, 'description'>[] {
  return (['crun', 'runc'] as const).flatMap((kind) => {
    const path = findProgram(kind);
    return path === undefined ? [] : [{ kind, path }];
  });
}

function findProgram(name: string): string | undefined {
  return PROGRAM_DIRS.map((dir) => join(dir, name)).find(isExecutable);
}

const PROGRAM_DIRS = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
