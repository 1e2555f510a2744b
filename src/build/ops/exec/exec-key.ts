import type { Digest } from '../../../image/digest.ts';
import { formatPlatform } from '../../../image/parse-platform.ts';
import { type CacheKey, cacheKey } from '../../cache/cache-key.ts';
import type { ExecOp, RunMount } from '../../graph/op.ts';

/**
 * The key of a RUN step. Secrets and ssh take part by id and target, never by value; cache mounts by id; a bind mount by
 * the digest of the files it shows. Proxy variables take no part, so that a proxy never causes a rebuild.
 */
export function execKey(op: ExecOp, inputs: readonly Digest[], bindDigests: readonly Digest[]): CacheKey {
  return cacheKey(
    {
      operation: 'exec',
      command: JSON.stringify(op.argv),
      env: JSON.stringify(op.env.filter((assignment) => !op.envOutsideKey.includes(nameOf(assignment)))),
      workdir: op.cwd,
      user: op.user,
      network: op.network,
      security: op.security,
      platform: formatPlatform(op.platform),
      sandbox: JSON.stringify([op.hostname ?? '', op.extraHosts, op.shmSizeBytes ?? 0, op.ulimits]),
      mounts: JSON.stringify(op.mounts.map(mountIdentity)),
      files: JSON.stringify(op.files),
      ...Object.fromEntries(bindDigests.map((digest, index) => [`bind ${index}`, digest])),
    },
    inputs,
  );
}

/** A mount's input is told by its content (or its key), not by its place among the inputs. */
function mountIdentity(mount: RunMount): unknown {
  if (mount.type === 'bind') return { ...mount, input: undefined };
  if (mount.type === 'cache') return { ...mount, from: mount.from?.source };
  return mount;
}

function nameOf(assignment: string): string {
  const equals = assignment.indexOf('=');
  return equals < 0 ? assignment : assignment.slice(0, equals);
}
