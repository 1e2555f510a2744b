import { hash } from 'node:crypto';
import type { Digest } from '../../image/digest.ts';
import { canonicalJson } from './canonical-json.ts';
import type { Vertex } from './vertex.ts';

export interface VertexOptions extends Omit<Vertex, 'digest' | 'inputs' | 'origin' | 'ignoreCache'> {
  readonly inputs?: readonly Vertex[];
  readonly origin?: Vertex['origin'];
  readonly ignoreCache?: boolean;
}

/**
 * A vertex with its digest: that of the operation and the inputs' digests. Work that ignores the cache is other work
 * than the same operation that does not.
 */
export function createVertex(options: VertexOptions): Vertex {
  const { inputs = [], ignoreCache = false, origin } = options;
  const identity = canonicalJson({ op: options.op, inputs: inputs.map((input) => input.digest), ignoreCache });
  const digest = `sha256:${hash('sha256', identity)}` as Digest;
  return { ...options, digest, inputs, origin, ignoreCache };
}
