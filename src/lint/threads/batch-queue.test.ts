import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closeQueue, createBatchQueue, takeBatch } from './batch-queue.ts';

const filesOf = (folder: string, count: number) =>
  Array.from({ length: count }, (_, index) => `/${folder}/${index}.Dockerfile`);

for (const { title, paths, sizes } of [
  { title: 'no file', paths: [], sizes: [] },
  {
    title: 'files of folders of their own',
    paths: [...'abcdefghij'].flatMap((name) => filesOf(name, 1)),
    sizes: [8, 2],
  },
  { title: 'folders of some files', paths: [...'abc'].flatMap((name) => filesOf(name, 7)), sizes: [14, 7] },
  { title: 'a folder of many files', paths: [...filesOf('a', 3), ...filesOf('b', 70)], sizes: [32, 32, 9] },
])
  test(`batches of ${title} keep the order`, () => {
    const { batches } = createBatchQueue(paths);
    assert.deepEqual(
      batches.map(({ length }) => length),
      sizes,
    );
    assert.deepEqual(batches.flat(), paths);
  });

test('each batch is taken once, and none of a closed queue', () => {
  const queue = createBatchQueue(filesOf('a', 70));
  assert.deepEqual([takeBatch(queue), takeBatch(structuredClone(queue))], [0, 1]);
  closeQueue(queue);
  assert.equal(takeBatch(queue), undefined);
});
