import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KnownError } from '../../diagnostics/known-error.ts';
import type { Digest } from '../../image/digest.ts';
import type { Snapshot } from '../../rootfs/snapshot.ts';
import { cacheKey } from '../cache/cache-key.ts';
import type { CacheHit, CacheStore } from '../cache/cache-store.ts';
import { BrokenImportError, type ImportedStep, type ImportedSteps } from '../cache/imported-steps.ts';
import type { MkdirOp } from '../graph/op.ts';
import type { Vertex } from '../graph/vertex.ts';
import type { BuildEvent } from '../progress/build-event.ts';
import type { OpRunner, OpRunners, SolvedVertex } from './op-runner.ts';
import { solve } from './solver.ts';

/** A graph of mkdir vertices; the path names the vertex, and `content` says which inputs decide the key by their files. */
class Bench {
  readonly ran: string[] = [];
  readonly events: BuildEvent[] = [];
  readonly records = new Map<string, CacheHit>();
  lookups = 0;
  running = 0;
  mostRunning = 0;
  fail: string | undefined;
  contentInputs: readonly number[] = [];
  snapshotOf = (path: string): string => path;

  readonly runner: OpRunner<'mkdir'> = {
    contentInputs: () => this.contentInputs,
    cacheKey: async (op, inputs) => {
      const read = this.contentInputs.map(
        async (index) => inputs[index]?.selection?.('all') ?? (await inputs[index]?.snapshot())?.id ?? '',
      );
      const content = (await Promise.all(read)).join();
      const chained = inputs.filter((_, index) => !this.contentInputs.includes(index));
      return cacheKey(
        { path: op.path, content },
        chained.map((input) => input.key.digest),
      );
    },
    run: async (op, _inputs, context) => {
      this.mostRunning = Math.max(this.mostRunning, ++this.running);
      await new Promise((resolve) => setTimeout(resolve, 5));
      this.running--;
      context.signal.throwIfAborted();
      if (this.fail === op.path) throw new KnownError('RUN_FAILED', `${op.path} failed.`);
      this.ran.push(op.path);
      return snapshot(this.snapshotOf(op.path));
    },
  };

  readonly cache: CacheStore = {
    lookup: async (key) => {
      this.lookups++;
      return this.records.get(key);
    },
    record: async (record) => {
      this.records.set(record.key.digest, { record, snapshot: snapshot(record.snapshotId) });
    },
  };

  solve(target: Vertex, options: { parallelism?: number; signal?: AbortSignal; imports?: ImportedSteps } = {}) {
    this.ran.length = 0;
    return solve(
      { vertices: [], target },
      {
        runners: { mkdir: this.runner } as unknown as OpRunners,
        cache: this.cache,
        imports: options.imports,
        lockKey: async () => ({ [Symbol.asyncDispose]: async () => undefined }),
        emit: (event) => this.events.push(event),
        signal: options.signal ?? new AbortController().signal,
        now: () => 1,
        parallelism: options.parallelism ?? 8,
      },
    );
  }
}

const snapshot = (id: string): Snapshot => ({ id, parent: undefined, diffDir: `/${id}`, ownerTable: undefined });

function vertex(path: string, inputs: Vertex[] = [], ignoreCache = false): Vertex {
  const op: MkdirOp = { kind: 'mkdir', path };
  const origin = { file: 'Dockerfile', start: { line: 3, column: 1 }, end: { line: 3, column: 9 } };
  return { digest: `sha256:${path}` as Digest, op, inputs, origin, name: path, ignoreCache };
}

test('runs inputs before their users, each once', async () => {
  const bench = new Bench();
  const base = vertex('base');
  await bench.solve(vertex('top', [vertex('left', [base]), vertex('right', [base])]));
  assert.deepEqual(bench.ran, ['base', 'left', 'right', 'top']);
});

test('a second solve runs nothing', async () => {
  const bench = new Bench();
  const target = vertex('b', [vertex('a')]);
  await bench.solve(target);
  const { vertices } = await bench.solve(target);
  assert.deepEqual(bench.ran, []);
  assert.deepEqual(
    [...vertices.values()].map(({ outcome }) => outcome),
    ['hit', 'hit'],
  );
});

test('a hit does not need what it was made from', async () => {
  const bench = new Bench();
  const a = vertex('a');
  await bench.solve(vertex('b', [a]));
  bench.records.delete((await bench.solve(a)).vertices.get(a.digest)?.key.digest ?? '');
  const { vertices } = await bench.solve(vertex('b', [a]));
  assert.deepEqual(bench.ran, []);
  assert.equal(vertices.get(a.digest)?.outcome, 'not-needed');
});

test('content cuts early: an input made anew with the same files leaves its users cached', async () => {
  const bench = new Bench();
  bench.contentInputs = [0];
  bench.snapshotOf = () => 'same-files';
  await bench.solve(vertex('copy', [vertex('compile-1')]));
  await bench.solve(vertex('copy', [vertex('compile-2')]));
  assert.deepEqual(bench.ran, ['compile-2']);
});

test('inputs that are read for their content are made in parallel', async () => {
  const bench = new Bench();
  bench.contentInputs = [1];
  const first = vertex('copy-1', [vertex('scratch'), vertex('stage-1')]);
  await bench.solve(vertex('copy-2', [first, vertex('stage-2')]));
  assert.equal(bench.mostRunning, 2);
});

test('a vertex that ignores the cache runs again, and so does what builds on it', async () => {
  const bench = new Bench();
  await bench.solve(vertex('c', [vertex('b', [vertex('a')])]));
  await bench.solve(vertex('c', [vertex('b', [vertex('a')], true)]));
  assert.deepEqual(bench.ran, ['b', 'c']);
  await bench.solve(vertex('c', [vertex('b', [vertex('a')])]));
  assert.deepEqual(bench.ran, []);
});

test('runs at most as many steps at once as it may', async () => {
  const bench = new Bench();
  await bench.solve(
    vertex(
      'top',
      ['1', '2', '3', '4', '5'].map((path) => vertex(path)),
    ),
    { parallelism: 2 },
  );
  assert.equal(bench.mostRunning, 2);
});

test('a failure carries the place of its instruction and is told once', async () => {
  const bench = new Bench();
  bench.fail = 'bad';
  const error = await bench.solve(vertex('top', [vertex('bad'), vertex('good')])).then(
    () => assert.fail('it solved'),
    (reason: KnownError) => reason,
  );
  assert.equal(error.code, 'RUN_FAILED');
  assert.equal(error.range?.start.line, 3);
  assert.equal(bench.events.filter(({ type }) => type === 'vertex-failed').length, 1);
  assert.equal(bench.running, 0, 'nothing runs on after the solve has ended');
});

test('an abort ends the solve with its reason', async () => {
  const bench = new Bench();
  const controller = new AbortController();
  const solving = bench.solve(vertex('b', [vertex('a')]), { signal: controller.signal });
  controller.abort(new Error('Ctrl-C'));
  await assert.rejects(solving, /Ctrl-C/);
});

/** Records of another store: what each vertex gave there, and what was selected from it. */
class Elsewhere implements ImportedSteps {
  readonly brought: string[] = [];
  readonly #results = new Map<string, string>();
  readonly #selections = new Map<string, Digest>();
  isBroken = false;

  /** `bench` has solved what is told of; `withResults` names the vertices whose results go along. */
  constructor(solved: ReadonlyMap<Digest, SolvedVertex>, withResults: ReadonlyMap<Digest, string>) {
    for (const { vertex, key, outcome } of solved.values()) {
      const result = withResults.get(vertex);
      if (result !== undefined && outcome !== 'not-needed') this.#results.set(key.digest, result);
      if (outcome !== 'not-needed') this.#selections.set(key.digest, (NAMES.get(vertex) ?? '') as Digest);
    }
  }

  find(_vertex: Vertex, key: Digest): ImportedStep | undefined {
    const id = this.#results.get(key);
    if (id === undefined) return undefined;
    return {
      source: 'elsewhere',
      createdMs: 5,
      durationMs: 7,
      epochSeconds: undefined,
      layers: [],
      prepare: async () => undefined,
      snapshot: async () => {
        if (this.isBroken) throw new BrokenImportError('elsewhere', new Error('gone'));
        this.brought.push(id);
        return snapshot(id);
      },
    };
  }

  hasSelections(key: Digest): boolean {
    return this.#selections.has(key);
  }

  selection(key: Digest): Digest | undefined {
    return this.#selections.get(key);
  }
}

/** Content of each vertex by its digest: in this bench, its path. */
const NAMES = new Map<Digest, string>();

function named(vertex: Vertex): Vertex {
  NAMES.set(vertex.digest, (vertex.op as MkdirOp).path);
  return vertex;
}

async function elsewhere(target: Vertex, vertices: readonly Vertex[]): Promise<Elsewhere> {
  const bench = new Bench();
  bench.contentInputs = [1];
  const { vertices: solved } = await bench.solve(target);
  return new Elsewhere(solved, new Map(vertices.map((each) => [each.digest, (each.op as MkdirOp).path])));
}

test('a result from elsewhere is a hit that says so, and is fetched only when a step needs it', async () => {
  const base = named(vertex('base'));
  const step = named(vertex('step', [base]));
  const bench = new Bench();
  bench.contentInputs = [1];
  const imports = await elsewhere(step, [base, step]);
  const { vertices } = await bench.solve(step, { imports });
  assert.equal(vertices.get(step.digest)?.importedFrom, 'elsewhere');
  assert.deepEqual([bench.ran, imports.brought], [[], ['step']]);
  await bench.solve(vertex('next', [step]), { imports });
  assert.deepEqual([bench.ran, imports.brought], [['next'], ['step']], 'it was kept as a record of this store');
  const again = await bench.solve(step);
  assert.equal(again.vertices.get(step.digest)?.importedFrom, 'elsewhere');
});

test('a key by content is known without the files', async () => {
  const stage = named(vertex('stage'));
  const copy = named(vertex('copy', [named(vertex('root')), stage]));
  for (const results of [[copy], [copy, stage]]) {
    const bench = new Bench();
    bench.contentInputs = [1];
    const imports = await elsewhere(copy, results);
    await bench.solve(copy, { imports });
    assert.deepEqual([bench.ran, imports.brought], [[], ['copy']]);
  }
});

test('a step that runs is keyed by the files it reads, whatever a record says of them', async () => {
  const stage = named(vertex('stage'));
  const copy = named(vertex('copy', [named(vertex('root')), stage]));
  const imports = await elsewhere(copy, []);
  const bench = new Bench();
  bench.contentInputs = [1];
  // Here the stage gives other files than it gave elsewhere.
  bench.snapshotOf = (path) => (path === 'stage' ? 'other' : path);
  const { vertices } = await bench.solve(copy, { imports });
  assert.deepEqual(bench.ran.sort(), ['copy', 'root', 'stage']);
  assert.equal(vertices.get(copy.digest)?.key.parts['content'], 'other');
});

test('--no-cache asks no other store', async () => {
  const stage = named(vertex('stage', [], true));
  const copy = named(vertex('copy', [named(vertex('root')), stage]));
  const bench = new Bench();
  bench.contentInputs = [1];
  const imports = await elsewhere(copy, [copy, stage]);
  await bench.solve(stage, { imports });
  assert.deepEqual([bench.ran, imports.brought], [['stage'], []]);
});

test('a result that cannot be fetched ends the solve, and no step counts as failed', async () => {
  const step = named(vertex('step'));
  const bench = new Bench();
  const imports = await elsewhere(step, [step]);
  imports.isBroken = true;
  await assert.rejects(bench.solve(step, { imports }), (error) => error instanceof BrokenImportError);
  assert.ok(bench.events.every(({ type }) => type !== 'vertex-failed'));
});
