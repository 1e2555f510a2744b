import type { Vertex } from '../../graph/vertex.ts';

/** The inputs of a vertex as its operation comes to need them; each once. Belongs to the making of one vertex. */
export class VertexInputs {
  readonly #vertices: Vertex[];

  /** `root` is input 0, where there is one. */
  constructor(root: Vertex | undefined) {
    this.#vertices = root === undefined ? [] : [root];
  }

  /** The index of a vertex among the inputs. */
  indexOf(vertex: Vertex): number {
    const known = this.#vertices.findIndex((input) => input.digest === vertex.digest);
    return known === -1 ? this.#vertices.push(vertex) - 1 : known;
  }

  list(): readonly Vertex[] {
    return this.#vertices;
  }
}
