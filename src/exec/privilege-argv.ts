import { DEFAULT_CAPABILITIES } from './capabilities.ts';
import type { ExecSpec } from './executor.ts';
import type { UserNamespace } from './user-namespace.ts';

/** The command that sets the resource limits of a spec before it runs the next one; nothing without limits. */
export function limitArgv({ limits }: ExecSpec): string[] {
  const ulimits = limits.ulimits ?? [];
  if (ulimits.length === 0) return [];
  return ['prlimit', ...ulimits.map(({ name, soft, hard }) => `--${name}=${limit(soft)}:${limit(hard)}`), '--'];
}

function limit(value: number): string {
  return value < 0 ? 'unlimited' : String(value);
}

export interface PrivilegeOptions {
  /** The user is changed by a later command. */
  readonly keepUser?: boolean;
  /** false where this process may not take capabilities from its children for good. */
  readonly maySetBounds?: boolean;
}

/** The command that sets capabilities, user and groups; the sets that a program could keep across an exec are empty. */
export function privilegeArgv(
  { user, security }: ExecSpec,
  ids: UserNamespace,
  { keepUser = false, maySetBounds = true }: PrivilegeOptions = {},
): string[] {
  const keep = DEFAULT_CAPABILITIES.map((name) => `+${name.slice('CAP_'.length).toLowerCase()}`);
  const groups = [...new Set([user.gid, ...user.additionalGids])].join(',');
  return [
    'setpriv',
    ...(security === 'insecure' ? [] : ['--inh-caps=-all', '--ambient-caps=-all']),
    ...(security === 'insecure' || !maySetBounds ? [] : [`--bounding-set=-all,${keep.join(',')}`]),
    ...(ids.kind === 'single' ? [] : [`--regid=${user.gid}`, `--groups=${groups}`]),
    ...(ids.kind === 'single' || keepUser ? [] : [`--reuid=${user.uid}`]),
    '--',
  ];
}
