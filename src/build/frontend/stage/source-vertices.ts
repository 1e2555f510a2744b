import { createVertex } from '../../graph/create-vertex.ts';
import type { Vertex } from '../../graph/vertex.ts';

/** The build context; the same vertex wherever it is used. */
export function mainContext(): Vertex {
  return createVertex({ op: { kind: 'context', name: 'context' }, name: '[internal] load build context' });
}

/** A local directory given by --build-context. */
export function namedContext(name: string): Vertex {
  return createVertex({ op: { kind: 'context', name }, name: `[context ${name}] load from client` });
}

/** An empty root where something has to be read from one: a copy of nothing. */
export function emptyRoot(): Vertex {
  return createVertex({
    op: { kind: 'copy', onScratch: true, sources: [], destination: '/', parents: false, exclude: [] },
    name: '[internal] empty root',
  });
}
