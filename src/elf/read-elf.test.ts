import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { bufferSource } from './byte-source.ts';
import { elfFixture } from './elf.fixture.ts';
import { readElf } from './read-elf.ts';

const read = (bytes: Buffer) => readElf(bufferSource(bytes));

test('a dynamic program says what it needs', () => {
  const elf = read(
    elfFixture({
      machine: 62,
      interpreter: '/lib64/ld.so',
      needed: ['libc.so.6', 'libm.so.6'],
      runpath: '$ORIGIN/lib',
    }),
  );
  assert.equal(elf?.architecture, 'amd64');
  assert.equal(elf?.interpreter, '/lib64/ld.so');
  assert.deepEqual(elf?.needed, ['libc.so.6', 'libm.so.6']);
  assert.equal(elf?.runpath, '$ORIGIN/lib');
  assert.equal(elf?.isDynamic, true);
});

test('a static program needs nothing', () => {
  const elf = read(elfFixture({ machine: 183, sections: ['.text', '.symtab'] }));
  assert.deepEqual(
    [elf?.architecture, elf?.interpreter, elf?.isDynamic, elf?.needed.length],
    ['arm64', undefined, false, 0],
  );
  assert.deepEqual(
    elf?.sections.map(({ name }) => name).filter((name) => name === '.symtab'),
    ['.symtab'],
  );
});

test("this process's own program is read", (t) => {
  if (process.platform !== 'linux') return t.skip('no ELF here');
  const elf = read(readFileSync(process.execPath));
  assert.ok(elf?.architecture);
  assert.ok(elf.sections.some(({ name }) => name === '.text'));
});

test('other files are no ELF files', () => {
  for (const text of ['', '#!/bin/sh\n', '\x7fELF', '\x7fELF\x02\x01'.padEnd(64, '\xff'), 'x'.repeat(5000)])
    assert.equal(read(Buffer.from(text, 'latin1')), undefined);
});

test('no byte of a program can make it throw', () => {
  const program = elfFixture({ machine: 62, interpreter: '/lib/ld', needed: ['a', 'b'], sections: ['.text'] });
  fc.assert(
    fc.property(fc.nat(program.length - 1), fc.uint8Array({ minLength: 1, maxLength: 8 }), (at, bytes) => {
      const broken = Buffer.from(program);
      broken.set(bytes.subarray(0, broken.length - at), at);
      read(broken);
    }),
    { numRuns: 500 },
  );
});
