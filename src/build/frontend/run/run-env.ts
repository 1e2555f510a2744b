import type { ExecOp, RunMount } from '../../graph/op.ts';
import type { StageState } from '../stage/stage-state.ts';

const PROXY_VARIABLES = ['http_proxy', 'https_proxy', 'ftp_proxy', 'no_proxy', 'all_proxy'];

/** The variables of a RUN: the stage's, the way to an ssh agent, and proxies, which are passed without being declared. */
export function runEnv(
  state: StageState,
  mounts: readonly RunMount[],
  buildArgs: Readonly<Record<string, string>>,
): Pick<ExecOp, 'env' | 'envOutsideKey'> {
  const agent = mounts.find((mount) => mount.type === 'ssh');
  const withAgent =
    agent !== undefined && !state.env.has('SSH_AUTH_SOCK') ? state.env.with('SSH_AUTH_SOCK', agent.target) : state.env;
  const proxies = proxyVariables(buildArgs);
  const undeclared = proxies.map(([name]) => name).filter((name) => !withAgent.has(name));
  return { env: withAgent.withAll(proxies).toArray(), envOutsideKey: undeclared };
}

/** Each in upper and lower case, since programs differ in what they read. */
function proxyVariables(buildArgs: Readonly<Record<string, string>>): readonly (readonly [string, string])[] {
  const given = Object.entries(buildArgs).sort(([a], [b]) => (a < b ? -1 : 1));
  return PROXY_VARIABLES.flatMap((name) => {
    const value = given.findLast(([key]) => key.toLowerCase() === name)?.[1] ?? '';
    return value === ''
      ? []
      : ([
          [name.toUpperCase(), value],
          [name, value],
        ] as const);
  });
}
