import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KnownError } from '../../diagnostics/known-error.ts';
import type { Digest } from '../../image/digest.ts';
import type { Snapshot } from '../../rootfs/snapshot.ts';
import { cacheKey } from '../cache/cache-key.ts';
import type { CacheHit, CacheStore } from '../cache/cache-store.ts';
import type { MkdirOp } from '../graph/op.ts';
import type { Vertex } from '../graph/vertex.ts';
import type { BuildEvent } from '../progress/build-event.ts';
import type { OpRunner, OpRunners } from './op-runner.ts';
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
      const read = this.contentInputs.map(async (index) => (await inputs[index]?.snapshot())?.id ?? '');
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

  solve(target: Vertex, options: { parallelism?: number; signal?: AbortSignal } = {}) {
    this.ran.length = 0;
    return solve(
      { vertices: [], target },
      {
        runners: { mkdir: this.runner } as unknown as OpRunners,
        cache: this.cache,
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
