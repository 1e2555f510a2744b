import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { SourceText } from './source-text.ts';

test('an offset and its position are two names of one place', () => {
  const text = fc.string({ unit: fc.constantFrom('a', '\n', '\r', 'é', '😀') });
  fc.assert(
    fc.property(text, fc.nat(40), (source, at) => {
      const offset = Math.min(at, source.length);
      const positions = new SourceText('Dockerfile', source);
      assert.equal(positions.offsetAt(positions.positionAt(offset)), offset);
    }),
  );
});

test('a line is what stands between two line endings', () => {
  const text = new SourceText('Dockerfile', 'FROM a\r\n\nRUN b');
  assert.deepEqual(
    [1, 2, 3, 4].map((line) => text.line(line)),
    ['FROM a', '', 'RUN b', ''],
  );
  assert.equal(text.slice(text.rangeOf(0, 4)), 'FROM');
  assert.equal(text.lineCount, 3);
});
