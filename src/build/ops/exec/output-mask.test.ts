import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { OutputMask } from './output-mask.ts';

const secrets = ['s3cr3t-value\n', 's3cr3t', 'no', 's3cr3t-value-and-more'].map((value, index) => {
  return { id: String(index), value: Buffer.from(value) };
});

function masked(chunks: readonly string[]): string {
  const mask = new OutputMask(secrets);
  return Buffer.concat([...chunks.map((chunk) => mask.push(Buffer.from(chunk))), mask.end()]).toString();
}

for (const [name, chunks, expected] of [
  ['a value', ['a=s3cr3t-value\n'], 'a=***\n'],
  ['a value in pieces', ['a=s3c', 'r3t-', 'value\n', 'b'], 'a=***\nb'],
  ['several, one beside the other', ['s3cr3t-values3cr3t'], '******'],
  ['a longer one before one that it begins with', ['s3cr3t-value-and-more'], '***'],
  ['a longer one that comes in pieces', ['s3cr3t-val', 'ue-and-', 'more s3cr3t-value', '-and'], '*** ***-and'],
  ['what only begins like one', ['a s3cr', 'atch s3c'], 'a s3cratch s3c'],
  ['a value too short to mean anything', ['no nothing'], 'no nothing'],
] as const) {
  test(`output without secrets: ${name}`, () => assert.equal(masked(chunks), expected));
}

test('what cannot begin a value is shown at once', () => {
  const mask = new OutputMask(secrets);
  assert.equal(mask.push(Buffer.from('step 1 done\nTime: s3')).toString(), 'step 1 done\nTime: ');
});

test('it is the same wherever the output is cut, and shows no value', () => {
  const piece = fc.constantFrom('s3cr3t', '-value', '-and-more', 's3', 'x', '\n');
  fc.assert(
    fc.property(fc.array(piece), fc.array(fc.nat(60)), (pieces, cuts) => {
      const text = pieces.join('');
      const ends = [...cuts.sort((a, b) => a - b), text.length];
      const shown = masked(ends.map((end, index) => text.slice(ends[index - 1] ?? 0, end)));
      assert.equal(shown, masked([text]));
      assert.doesNotMatch(shown, /s3cr3t/);
    }),
  );
});
