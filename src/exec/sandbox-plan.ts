import type { ExecSpec } from './executor.ts';
import { withHome } from './home-directory.ts';
import { deviceMounts, type KernelMountOptions, procMounts } from './kernel-mounts.ts';
import type { CallArgument, LaunchOperation } from './launch-plan.ts';
import { dropPrivileges } from './launch-privileges.ts';
import { type MountLine, overlayLine, preparedLine } from './mount-table.ts';
import { programPaths } from './program-lookup.ts';
import { DEVICE_FOLDERS, DEVICE_LINKS, DEVICE_NAMES } from './protected-paths.ts';
import type { SandboxFolder } from './sandbox-folder.ts';
import type { UserNamespace } from './user-namespace.ts';

/** clone(2) */
const NEW_MOUNTS = 0x00020000;
const NEW_UTS = 0x04000000;
const NEW_IPC = 0x08000000;
const NEW_PIDS = 0x20000000;
const NEW_NETWORK = 0x40000000;
const RECURSIVE_PRIVATE = 0x00044000;
const MNT_DETACH = 2;
const PR_SET_PDEATHSIG = 1;
const SIGKILL = 9;

/** A sandbox to be made, once its folder is. */
export interface Sandbox {
  readonly folder: SandboxFolder;
  readonly spec: ExecSpec;
  readonly ids: UserNamespace;
  /** Device nodes are kept away by a cgroup rather than by mounts. */
  readonly guardsDevices: boolean;
  /** Folders of cgroups to enter. */
  readonly cgroups: readonly string[];
  /** Paths of the pipes for standard output and error; undefined when these are inherited. */
  readonly output: { readonly stdout: string; readonly stderr: string } | undefined;
}

/** Of the first process of a sandbox: flags of clone(2). */
export function sandboxNamespaces({ network }: ExecSpec): number {
  return NEW_PIDS | NEW_MOUNTS | NEW_IPC | NEW_UTS | (network === 'none' ? NEW_NETWORK : 0);
}

/**
 * All that makes a sandbox and starts its program, for the launcher. The first process is process 1 of a namespace
 * around the container's, which dies with it whatever the container does; its child becomes the program.
 */
export function sandboxPlan(sandbox: Sandbox): LaunchOperation[] {
  const { folder, spec, ids } = sandbox;
  return [
    call('prctl', PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0),
    ...sandbox.cgroups.map((cgroup) => ({ do: 'enter', cgroup }) as const),
    ...(sandbox.output ? [{ do: 'output', ...sandbox.output } as const] : []),
    call('umask', 0o022),
    ...mountRoot(sandbox),
    ...(spec.network === 'none' ? [{ do: 'loopback' } as const] : []),
    call('sethostname', spec.hostname, Buffer.byteLength(spec.hostname)),
    { do: 'fork', namespaces: NEW_PIDS },
    ...mountRest(sandbox),
    ...enterRoot(folder.rootDir),
    ...(spec.stdio.kind === 'capture' ? [call('setsid')] : []),
    { ...call('chdir', spec.cwd), what: `working directory ${spec.cwd}` },
    ...dropPrivileges(spec, ids),
    { do: 'start', argv: spec.argv, env: withHome(spec), paths: programPaths(spec) },
  ];
}

/** What needs no process namespace. */
function mountRoot(sandbox: Sandbox): LaunchOperation[] {
  const { folder, spec, ids } = sandbox;
  const { rootDir } = folder;
  const overlays = folder.overlays.map((overlay) =>
    overlayLine(overlay, {
      inUserNamespace: ids.kind !== 'root',
      readOnly: overlay.isRoot && spec.readOnlyRoot,
      allowDevices: allowsDevices(sandbox),
    }),
  );
  const flags = [...(spec.readOnlyRoot ? ['ro'] : []), ...(allowsDevices(sandbox) ? [] : ['nodev'])];
  // A plain directory has to become a mount of its own before it can be the root.
  const { root } = spec;
  const plain =
    root.kind === 'overlay' ? [] : [{ source: root.path, target: rootDir, type: 'none', options: ['rbind', ...flags] }];
  return [
    // Layers are named from here.
    call('chdir', folder.dir),
    call('mount', 'none', '/', 'none', RECURSIVE_PRIVATE, ''),
    ...[...overlays, ...plain].map(mount),
    ...fillDev(sandbox),
    ...deviceMounts(kernelMountsOf(sandbox)).map(mount),
  ];
}

/** What belongs to the container's own process namespace, and what the spec asks for. */
function mountRest(sandbox: Sandbox): LaunchOperation[] {
  const { folder } = sandbox;
  return [
    ...procMounts(kernelMountsOf(sandbox)).map(mount),
    ...folder.mounts.map((prepared): LaunchOperation => {
      const isDirectory = prepared.type === 'tmpfs' || prepared.pointType === 'directory';
      const line = preparedLine(prepared, '', allowsDevices(sandbox));
      return { do: 'mount-in', root: folder.rootDir, line, isDirectory };
    }),
  ];
}

function allowsDevices({ guardsDevices, spec }: Sandbox): boolean {
  return guardsDevices || spec.security === 'insecure';
}

function kernelMountsOf({ folder: { dir, rootDir }, spec, ids }: Sandbox): KernelMountOptions {
  return { spec, dir, rootDir, inUserNamespace: ids.kind !== 'root', mapsTtyGroup: ids.gidCount > 5 };
}

const AT_FDCWD = -100;
const S_IFREG = 0o100000;

/** /dev in memory: stubs for what is mounted in it, and links. */
function fillDev(sandbox: Sandbox): LaunchOperation[] {
  const dev = `${sandbox.folder.rootDir}/dev`;
  const at = (name: string): string => `${dev}/${name}`;
  const options = ['nosuid', ...(allowsDevices(sandbox) ? [] : ['nodev']), 'mode=755', 'size=65536k'];
  return [
    mount({ source: 'tmpfs', target: dev, type: 'tmpfs', options }),
    ...DEVICE_NAMES.map((name) => call('mknodat', AT_FDCWD, at(name), S_IFREG | 0o644, 0)),
    ...DEVICE_LINKS.map(([name, target]) => call('symlinkat', target, AT_FDCWD, at(name))),
    ...DEVICE_FOLDERS.map((name) => call('mkdirat', AT_FDCWD, at(name), 0o755)),
  ];
}

/** pivot_root(2): the old root lies on top of the new one for a moment. */
function enterRoot(rootDir: string): LaunchOperation[] {
  return [call('chdir', rootDir), call('pivot_root', '.', '.'), call('umount2', '.', MNT_DETACH), call('chdir', '/')];
}

function mount(line: MountLine): LaunchOperation {
  return { do: 'mount', line };
}

function call(name: string, ...args: readonly CallArgument[]): Extract<LaunchOperation, { do: 'call' }> {
  return { do: 'call', what: name, name, args };
}
