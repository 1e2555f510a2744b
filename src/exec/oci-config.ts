import { existsSync } from 'node:fs';
import { DEFAULT_CAPABILITIES } from './capabilities.ts';
import { CPU_PERIOD_US } from './cgroup-limits.ts';
import type { ExecLimits, ExecSpec, ExecStdio, ExecUser } from './executor.ts';
import { isEtcFile, type PreparedMount, TMPFS_MODE } from './prepared-mount.ts';
import { DEFAULT_SHM_BYTES, DEVICE_NAMES, MASKED_PATHS, READONLY_PATHS } from './protected-paths.ts';
import { seccompProfile } from './seccomp-profile.ts';
import type { UserNamespace } from './user-namespace.ts';

export interface OciConfigOptions {
  readonly spec: ExecSpec;
  readonly rootDir: string;
  readonly mounts: readonly PreparedMount[];
  /** HOME included. */
  readonly env: readonly string[];
  readonly ids: UserNamespace;
  /** The runtime keeps other devices away by a cgroup; where it does not, mounts do. */
  readonly hasDeviceCgroup: boolean;
  /** The runtime leaves devices alone that a mount put there (runc cannot). */
  readonly bindsDevices: boolean;
  readonly cgroupsPath: string | undefined;
  /** The runtime applies limits of memory, processors and processes to the cgroup that it makes. */
  readonly setsLimits: boolean;
  /** Capabilities that this process has to give: those of `insecure`. */
  readonly ownCapabilities: readonly string[];
}

interface OciMount {
  readonly destination: string;
  readonly type: string;
  readonly source: string;
  readonly options: readonly string[];
}

/** A bundle's config.json (runtime-spec config.md) with what docker and BuildKit give to a process. */
export function ociConfig(options: OciConfigOptions): object {
  const { spec, ids } = options;
  const isInsecure = spec.security === 'insecure';
  const seccomp = isInsecure ? undefined : seccompProfile();
  return {
    ociVersion: '1.0.2',
    process: ociProcess(options),
    root: { path: options.rootDir, readonly: spec.readOnlyRoot },
    hostname: spec.hostname,
    mounts: [...kernelMounts(options), ...options.mounts.map((mount) => preparedMount(mount, options))],
    linux: {
      namespaces: [
        ...['pid', 'ipc', 'uts', 'mount'].map((type) => ({ type })),
        ...(spec.network === 'none' ? [{ type: 'network' }] : []),
      ],
      ...(isInsecure
        ? {}
        : { maskedPaths: MASKED_PATHS, readonlyPaths: READONLY_PATHS.filter((path) => existsSync(path)) }),
      ...(seccomp && { seccomp }),
      ...(options.cgroupsPath !== undefined && { cgroupsPath: options.cgroupsPath }),
      ...(ids.kind === 'root' && {
        resources: {
          devices: [{ allow: isInsecure, access: 'rwm' }],
          ...(options.setsLimits && resourceLimits(spec.limits)),
        },
      }),
    },
  };
}

function ociProcess({ spec, env, ids, ownCapabilities }: OciConfigOptions): object {
  const { argv, cwd, user, limits, stdio } = spec;
  const capabilities = spec.security === 'insecure' ? ownCapabilities : DEFAULT_CAPABILITIES;
  return {
    ...terminalOf(stdio),
    user: { uid: user.uid, gid: user.gid, umask: 0o022, additionalGids: ids.kind === 'single' ? [] : groupsOf(user) },
    args: argv,
    env,
    cwd,
    capabilities: { bounding: capabilities, effective: capabilities, permitted: capabilities },
    rlimits: (limits.ulimits ?? []).map(({ name, soft, hard }) => ({
      type: `RLIMIT_${name.toUpperCase()}`,
      soft: unsigned(soft),
      hard: unsigned(hard),
    })),
    noNewPrivileges: false,
  };
}

function terminalOf(stdio: ExecStdio): object {
  if (stdio.kind !== 'inherit' || !stdio.terminal) return { terminal: false };
  const { rows: height, columns: width } = stdio.terminalSize ?? {};
  return { terminal: true, ...(height && width && { consoleSize: { height, width } }) };
}

/** The primary group stands in the list, too, as docker has it. */
function groupsOf({ gid, additionalGids }: ExecUser): number[] {
  return [...new Set([gid, ...additionalGids])];
}

function resourceLimits({ memoryBytes, cpus, pids }: ExecLimits): object {
  return {
    ...(memoryBytes !== undefined && { memory: { limit: memoryBytes } }),
    ...(cpus !== undefined && { cpu: { period: CPU_PERIOD_US, quota: Math.round(cpus * CPU_PERIOD_US) } }),
    ...(pids !== undefined && { pids: { limit: pids } }),
  };
}

/** RLIM_INFINITY does not fit into a number of JavaScript; half of it means as much. */
function unsigned(value: number): number {
  return value < 0 ? Number.MAX_SAFE_INTEGER : value;
}

const SAFE = ['nosuid', 'nodev', 'noexec'];

function kernelMounts(options: OciConfigOptions): OciMount[] {
  const { spec, ids } = options;
  const tty = ids.gidCount > 5 ? ['gid=5'] : [];
  return [
    { destination: '/proc', type: 'proc', source: 'proc', options: SAFE },
    {
      destination: '/dev',
      type: 'tmpfs',
      source: 'tmpfs',
      options: ['nosuid', 'strictatime', 'mode=755', 'size=65536k', ...(allowsDevices(options) ? [] : ['nodev'])],
    },
    ...(options.bindsDevices ? DEVICE_NAMES.map((name) => bind(`/dev/${name}`, `/dev/${name}`, [])) : []),
    {
      destination: '/dev/pts',
      type: 'devpts',
      source: 'devpts',
      options: ['nosuid', 'noexec', 'newinstance', 'ptmxmode=0666', 'mode=0620', ...tty],
    },
    {
      destination: '/dev/shm',
      type: 'tmpfs',
      source: 'shm',
      options: [...SAFE, 'mode=1777', `size=${spec.shmSizeBytes ?? DEFAULT_SHM_BYTES}`],
    },
    { destination: '/dev/mqueue', type: 'mqueue', source: 'mqueue', options: SAFE },
    ids.kind !== 'root' && spec.network === 'host'
      ? // A new sysfs belongs to a network namespace, and the machine's own is not this user's.
        { destination: '/sys', type: 'none', source: '/sys', options: ['rbind', 'ro', ...SAFE] }
      : { destination: '/sys', type: 'sysfs', source: 'sysfs', options: ['ro', ...SAFE] },
  ];
}

function preparedMount(mount: PreparedMount, options: OciConfigOptions): OciMount {
  const noDevices = allowsDevices(options) ? [] : ['nodev'];
  if (mount.type === 'tmpfs') {
    const size = mount.sizeBytes === undefined ? [] : [`size=${mount.sizeBytes}`];
    const settings = ['nosuid', ...noDevices, ...size, `mode=${(mount.mode ?? TMPFS_MODE).toString(8)}`];
    return { destination: mount.target, type: 'tmpfs', source: 'tmpfs', options: settings };
  }
  return bind(mount.source, mount.target, [
    ...(mount.readOnly ? ['ro'] : ['rw']),
    ...(isEtcFile(mount.target) ? SAFE : noDevices),
  ]);
}

function bind(source: string, destination: string, options: readonly string[]): OciMount {
  return { destination, type: 'none', source, options: ['rbind', 'rprivate', ...options] };
}

function allowsDevices({ spec, hasDeviceCgroup }: OciConfigOptions): boolean {
  return hasDeviceCgroup || spec.security === 'insecure';
}
