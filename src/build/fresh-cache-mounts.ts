import type { BuildGraph } from './graph/vertex.ts';

/** Ids of the cache mounts that begin empty in this build: those of steps that --no-cache is about, as with BuildKit. */
export function freshCacheMounts({ vertices }: BuildGraph): ReadonlySet<string> {
  return new Set(
    vertices.flatMap(({ op, ignoreCache }) =>
      ignoreCache && op.kind === 'exec' ? op.mounts.flatMap((mount) => (mount.type === 'cache' ? [mount.id] : [])) : [],
    ),
  );
}
