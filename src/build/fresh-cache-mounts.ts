import { discardMounts } from './cache/discard-mounts.ts';
import type { BuildGraph } from './graph/vertex.ts';
import type { OpEnvironment } from './ops/op-environment.ts';
import type { EmitBuildEvent } from './progress/build-event.ts';

type FillMount = NonNullable<OpEnvironment['fillMount']>;

export interface FreshMounts {
  /** Fills the mounts that do not have to begin empty. */
  fillOthers(fillMount: FillMount): FillMount;
}

/**
 * Empties the cache mounts of steps that --no-cache is about, as BuildKit does before a build; one that a step of another
 * build holds stays, and a notice says so.
 */
export function beginFreshMounts(
  graph: BuildGraph,
  { mountsDir, emit }: { readonly mountsDir: string; readonly emit: EmitBuildEvent },
): FreshMounts {
  const ids = freshIds(graph);
  for (const id of discardMounts(mountsDir, ids)) {
    const text = `The cache mount ${JSON.stringify(id)} is not emptied: a step of another build uses it.`;
    emit({ type: 'notice', timeMs: Date.now(), text });
  }
  return {
    fillOthers: (fillMount) => async (identity, dir, signal) =>
      !(identity.kind === 'cache' && ids.has(identity.id)) && fillMount(identity, dir, signal),
  };
}

function freshIds({ vertices }: BuildGraph): ReadonlySet<string> {
  return new Set(
    vertices.flatMap(({ op, ignoreCache }) =>
      ignoreCache && op.kind === 'exec' ? op.mounts.flatMap((mount) => (mount.type === 'cache' ? [mount.id] : [])) : [],
    ),
  );
}
