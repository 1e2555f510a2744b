import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import * as fc from 'fast-check';
import { binaryPackages } from './binary-packages.ts';

const dir = mkdtempSync(join(tmpdir(), 'slipway-elf-'));
after(() => rmSync(dir, { recursive: true, force: true }));

function read(bytes: Uint8Array) {
  const path = join(dir, 'program');
  writeFileSync(path, bytes);
  return binaryPackages(path);
}

/** A function table of Go 1.20 and later: header, names, then entries and what they point to. */
function functionTable(functions: readonly (readonly [string, number])[]): Buffer {
  const names = Buffer.from(functions.map(([name]) => `${name}\0`).join(''));
  const header = Buffer.alloc(72);
  header.writeUInt32LE(0xfffffff1, 0);
  header[7] = 8;
  const table = Buffer.alloc(functions.length * 8 + 4 + functions.length * 8);
  let entry = 0;
  let nameAt = 0;
  for (const [index, [name, size]] of functions.entries()) {
    const at = functions.length * 8 + 4 + index * 8;
    table.writeUInt32LE(entry, index * 8);
    table.writeUInt32LE(at, index * 8 + 4);
    table.writeInt32LE(nameAt, at + 4);
    entry += size;
    nameAt += name.length + 1;
  }
  table.writeUInt32LE(entry, functions.length * 8);
  header.writeBigUInt64LE(BigInt(functions.length), 8);
  header.writeBigUInt64LE(72n, 8 + 3 * 8);
  header.writeBigUInt64LE(BigInt(72 + names.length), 8 + 7 * 8);
  return Buffer.concat([header, names, table]);
}

function elf(table: Buffer): Buffer {
  const names = Buffer.from('\0.gopclntab\0.shstrtab\0');
  const header = Buffer.alloc(64);
  header.write('\x7fELF\x02\x01', 'latin1');
  header.writeBigUInt64LE(BigInt(64 + table.length + names.length), 0x28);
  header.writeUInt16LE(64, 0x3a);
  header.writeUInt16LE(2, 0x3c);
  header.writeUInt16LE(1, 0x3e);
  const section = (nameAt: number, offset: number, size: number) => {
    const bytes = Buffer.alloc(64);
    bytes.writeUInt32LE(nameAt, 0);
    bytes.writeBigUInt64LE(BigInt(offset), 0x18);
    bytes.writeBigUInt64LE(BigInt(size), 0x20);
    return bytes;
  };
  return Buffer.concat([
    header,
    table,
    names,
    section(1, 64, table.length),
    section(12, 64 + table.length, names.length),
  ]);
}

const PROGRAM = elf(
  functionTable([
    ['net/http.(*Server).Serve', 300],
    ['net/http.init.0', 20],
    ['main.main', 100],
    ['gopkg.in/yaml%2ev3.Unmarshal', 50],
    ['slices.Sort[go.shape.[]int,net/http.X]', 40],
    ['type:.eq.main.T', 5],
    ['memeqbody', 7],
  ]),
);

test('code is counted by package', () => {
  const sizes = Object.fromEntries((read(PROGRAM) ?? []).map(({ name, sizeBytes }) => [name, sizeBytes]));
  assert.equal(sizes['net/http'], 320);
  assert.equal(sizes.main, 100);
  assert.equal(sizes['gopkg.in/yaml.v3'], 50);
  assert.equal(sizes.slices, 40);
  assert.equal(sizes['(generated)'], 5);
  assert.equal(sizes['(assembly)'], 7);
  assert.ok((sizes['(function table)'] ?? 0) > 0);
});

test('other files are no Go programs', () => {
  for (const text of ['', '#!/bin/sh\n', '\x7fELF', 'x'.repeat(5000)]) assert.equal(read(Buffer.from(text)), undefined);
});

test('no byte of a program can make it throw', () => {
  fc.assert(
    fc.property(fc.nat(PROGRAM.length - 1), fc.uint8Array({ minLength: 1, maxLength: 8 }), (at, bytes) => {
      const broken = Buffer.from(PROGRAM);
      broken.set(bytes.subarray(0, broken.length - at), at);
      read(broken);
    }),
    { numRuns: 300 },
  );
});
