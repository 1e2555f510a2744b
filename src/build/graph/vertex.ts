import type { SourceRange } from '../../diagnostics/source-range.ts';
import type { Digest } from '../../image/digest.ts';
import type { Op } from './op.ts';

/**
 * One operation with one output snapshot. The digest covers the operation and its inputs' digests, not what is only
 * shown (`origin`, `name`). Equal digests are the same work.
 */
export interface Vertex {
  readonly digest: Digest;
  readonly op: Op;
  readonly inputs: readonly Vertex[];
  /** undefined for work that no instruction asked for (loading the build context). */
  readonly origin: SourceRange | undefined;
  /** As BuildKit names it: `[builder 2/5] RUN go mod download`, `[internal] load build context`. */
  readonly name: string;
  /** Stage this step belongs to and its place in it, for grouping; undefined outside stages. */
  readonly step?: { readonly stage: string; readonly index: number; readonly total: number; readonly text: string };
  /** Never taken from the cache (--no-cache, --no-cache-filter). */
  readonly ignoreCache: boolean;
}

/** Every vertex the target needs, each once, inputs before their users. */
export interface BuildGraph {
  readonly vertices: readonly Vertex[];
  /** undefined when the target stage is an empty scratch. */
  readonly target: Vertex | undefined;
}
