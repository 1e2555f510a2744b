import { homedir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';

/** Folder of the store: the flag, `$SLIPWAY_ROOT`, `$XDG_DATA_HOME/slipway`, `/var/lib/slipway` for root, else below the home. */
export function storeRoot(env: NodeJS.ProcessEnv, flag: string | undefined): string {
  const chosen = flag || env.SLIPWAY_ROOT;
  if (chosen) return resolve(chosen);
  if (env.XDG_DATA_HOME) return join(env.XDG_DATA_HOME, 'slipway');
  return isRealRoot(env) ? '/var/lib/slipway' : join(env.HOME || homedir(), '.local', 'share', 'slipway');
}

/** In a user namespace of our own making an ordinary user looks like root; the re-execution says so in the environment. */
function isRealRoot(env: NodeJS.ProcessEnv): boolean {
  return userInfo().uid === 0 && !env.SLIPWAY_IN_USER_NAMESPACE;
}
