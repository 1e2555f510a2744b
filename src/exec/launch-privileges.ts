import { readFileSync } from 'node:fs';
import { ALL_CAPABILITIES, capabilitiesOf, DEFAULT_CAPABILITIES } from './capabilities.ts';
import type { ExecSpec } from './executor.ts';
import type { CallArgument, LaunchOperation } from './launch-plan.ts';
import { seccompFilter } from './seccomp-filter.ts';
import type { UserNamespace } from './user-namespace.ts';

/** prctl(2) */
const PR_CAPBSET_DROP = 24;
const PR_CAP_AMBIENT = 47;
const PR_CAP_AMBIENT_CLEAR_ALL = 4;
const LINUX_CAPABILITY_VERSION_3 = 0x20080522;

/** RLIMIT_… of getrlimit(2), by the names of docker's --ulimit; their place is their number. */
const RESOURCES: readonly string[] = [
  ...['cpu', 'fsize', 'data', 'stack', 'core', 'rss', 'nproc', 'nofile', 'memlock', 'as', 'locks', 'sigpending'],
  ...['msgqueue', 'nice', 'rtprio', 'rttime'],
];

/**
 * What a process gives up before it becomes the program, in the one order that works: the filter while it may still be
 * loaded without no_new_privs (which would stop sudo in a step), capabilities before the user.
 */
export function dropPrivileges(spec: ExecSpec, ids: UserNamespace): LaunchOperation[] {
  const { user, security, stdio } = spec;
  const groups = [...new Set([user.gid, ...user.additionalGids])];
  const ownsIds = ids.kind !== 'single';
  return [
    ...(spec.limits.ulimits ?? []).map(limitOperation),
    ...(ownsIds
      ? [call('setgroups', groups.length, words(groups)), call('setresgid', user.gid, user.gid, user.gid)]
      : []),
    ...(security === 'sandbox' ? dropCapabilities(stdio.kind === 'inherit' && stdio.terminal) : []),
    ...(ownsIds ? [call('setresuid', user.uid, user.uid, user.uid)] : []),
  ];
}

function dropCapabilities(sharesTerminal: boolean): LaunchOperation[] {
  const last = Number(readFileSync('/proc/sys/kernel/cap_last_cap', 'latin1'));
  const isDefault = (number: number): boolean => DEFAULT_CAPABILITIES.includes(ALL_CAPABILITIES[number] ?? '');
  const numbers = Array.from({ length: last + 1 }, (_, number) => number);
  const own = capabilitiesOf('self');
  const mask = numbers
    .filter((number) => isDefault(number) && own.includes(ALL_CAPABILITIES[number] ?? ''))
    .reduce((bits, number) => bits | (1n << BigInt(number)), 0n);
  const [low, high] = [Number(mask & 0xffffffffn), Number(mask >> 32n)];
  const filter = seccompFilter(process.arch, { sharesTerminal });
  return [
    ...numbers.filter((number) => !isDefault(number)).map((number) => call('prctl', PR_CAPBSET_DROP, number, 0, 0, 0)),
    ...(filter ? [{ do: 'filter', program: filter } as const] : []),
    call('prctl', PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0),
    // Effective, permitted, inheritable: nothing passes to another program by inheritance.
    call('capset', words([LINUX_CAPABILITY_VERSION_3, 0]), words([low, low, 0, high, high, 0])),
  ];
}

function limitOperation({ name, soft, hard }: { name: string; soft: number; hard: number }): LaunchOperation {
  const limits = Buffer.alloc(16);
  limits.writeBigInt64LE(BigInt(soft), 0);
  limits.writeBigInt64LE(BigInt(hard), 8);
  const resource = RESOURCES.indexOf(name);
  return { do: 'call', what: `ulimit ${name}`, name: 'prlimit64', args: [0, resource, limits, 0] };
}

function call(name: string, ...args: readonly CallArgument[]): LaunchOperation {
  return { do: 'call', what: name, name, args };
}

function words(values: readonly number[]): Buffer {
  return Buffer.from(Uint32Array.from(values).buffer);
}
