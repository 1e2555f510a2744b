import type { Digest } from '../../image/digest.ts';
import type { BuildGraph, Vertex } from './vertex.ts';

/** What the target needs and nothing else: each vertex once by its digest, inputs before their users. */
export function collectGraph(target: Vertex | undefined): BuildGraph {
  const vertices = new Map<Digest, Vertex>();
  if (target !== undefined) collect(target, vertices);
  return { vertices: [...vertices.values()], target };
}

/** Keeps its own stack: a chain of steps may be longer than the call stack is deep. */
function collect(target: Vertex, done: Map<Digest, Vertex>): void {
  const stack = [{ vertex: target, next: 0 }];
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const input = top.vertex.inputs[top.next++];
    if (input === undefined) {
      if (!done.has(top.vertex.digest)) done.set(top.vertex.digest, top.vertex);
      stack.pop();
    } else if (!done.has(input.digest)) {
      stack.push({ vertex: input, next: 0 });
    }
  }
}
