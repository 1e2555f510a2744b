import type { ExecMount, ExecUser } from '../../../exec/executor.ts';
import { formatPlatform } from '../../../image/parse-platform.ts';
import type { Platform } from '../../../image/platform.ts';
import type { OpContext } from '../../solver/op-runner.ts';
import type { OpEnvironment } from '../op-environment.ts';
import { holdCacheMount } from './cache-mount.ts';

/** A step that compiles Go without a cache mount of its own. */
export interface GoCacheRequest {
  /** Absolute path of GOCACHE in the root. */
  readonly target: string;
  readonly user: ExecUser;
  readonly goVersion: string;
  readonly platform: Platform;
}

export interface HeldGoCache extends AsyncDisposable {
  readonly mounts: readonly ExecMount[];
}

const NO_CACHE: HeldGoCache = { mounts: [], [Symbol.asyncDispose]: async () => undefined };

/**
 * Go's build cache of this project, for as long as a step runs. Sharing it is sound because Go keys its entries by the
 * content of everything that went into them; the scope (project, user, Go version, platform) keeps projects apart all the same.
 */
export async function holdGoCache(
  { project, mountsDir, fillMount }: OpEnvironment,
  request: GoCacheRequest | undefined,
  context: OpContext,
): Promise<HeldGoCache> {
  if (!request || project === undefined) return NO_CACHE;
  const platform = formatPlatform(request.platform);
  const { uid, gid } = request.user;
  const identity = { kind: 'go-build', project, goVersion: request.goVersion, platform, uid } as const;
  const held = await holdCacheMount(
    { sharing: 'shared', uid, gid },
    { root: mountsDir, identity, fill: fillMount, signal: context.signal },
  );
  context.note(`Go build cache: this project's, ${request.goVersion ? `go${request.goVersion} ` : ''}${platform}`);
  return {
    mounts: [{ type: 'bind', source: held.dir, target: request.target, readOnly: false }],
    [Symbol.asyncDispose]: () => held[Symbol.asyncDispose](),
  };
}
