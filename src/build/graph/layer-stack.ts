import type { Digest } from '../../image/digest.ts';
import type { Vertex } from './vertex.ts';

/** What the root filesystem of a vertex is made of. */
export interface LayerStack {
  /** Manifest of the base image below everything; undefined is an empty root. */
  readonly base: Digest | undefined;
  /** Layers on top of it: one a vertex on the way. */
  readonly count: number;
}

/** Follows the roots down to the base. A long chain is walked, not recursed. */
export function layerStack(vertex: Vertex): LayerStack {
  let count = 0;
  for (let next: Vertex | undefined = vertex; next; next = rootOf(next)) {
    if (next.op.kind === 'image') return { base: next.op.manifestDigest, count };
    if (next.op.kind !== 'context') count++;
  }
  return { base: undefined, count };
}

/** The input whose files lie below what the vertex itself makes. */
function rootOf({ op, inputs }: Vertex): Vertex | undefined {
  switch (op.kind) {
    case 'copy':
    case 'exec':
      return op.onScratch ? undefined : inputs[0];
    case 'mkdir':
      return inputs[0];
    case 'merge':
      return inputs.at(-2);
    default:
      return undefined;
  }
}
