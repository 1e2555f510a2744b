import type { BuildGraph } from '../graph/vertex.ts';
import type { BuildPlan } from './build-plan.ts';

/** The secrets and ssh agents that steps of a graph mount, each mount with its instruction's place. */
export function mountIds(graph: BuildGraph): BuildPlan['mountIds'] {
  return graph.vertices.flatMap(({ op, origin: range }) => {
    if (op.kind !== 'exec' || range === undefined) return [];
    return op.mounts.flatMap((mount) =>
      mount.type === 'secret' || mount.type === 'ssh' ? [{ type: mount.type, id: mount.id, range }] : [],
    );
  });
}
