/**
 * Which packages a Go program is made of and how much code each has, read from the function table that every Go binary
 * carries, stripped or not (runtime/symtab.go, "pclntab"; the form since Go 1.18). Only ELF of 64 bits, little endian.
 * Everything in the file is taken for hostile: what does not add up is no Go program.
 */
import { closeSync, openSync, readSync } from 'node:fs';

export interface PackageSize {
  /** Import path, or a name in parentheses for what belongs to no package. */
  readonly name: string;
  readonly sizeBytes: number;
}

const ELF_MAGIC = 0x464c457f;
const ELF64_LITTLE = Buffer.from([2, 1]);
const HEADER_BYTES = 64;
const SECTION_BYTES = 64;
const MOST_SECTIONS = 256;
/** A program's tables are smaller; what claims more is not read. */
const MOST_BYTES = 512 * 1024 * 1024;
const LONGEST_NAME = 4096;
const NOBITS = 8;
/** Since Go 1.18, and since Go 1.20. */
const MAGICS = [0xfffffff0, 0xfffffff1];

/** Largest first, sections other than code included; undefined when the file is no Go program of a known form. */
export function binaryPackages(path: string): readonly PackageSize[] | undefined {
  const fd = openSync(path, 'r');
  try {
    const sections = readSections(fd);
    const table = sections?.find(({ name }) => name.endsWith('.gopclntab'));
    if (!sections || !table) return undefined;
    const packages = packageSizes(readAt(fd, table.offset, table.size));
    return packages && withSections(packages, sections);
  } catch (error) {
    // Reading behind the end of a buffer: the file lies about itself.
    if (error instanceof RangeError) return undefined;
    throw error;
  } finally {
    closeSync(fd);
  }
}

interface Section {
  readonly name: string;
  readonly offset: number;
  readonly size: number;
}

function readSections(fd: number): readonly Section[] | undefined {
  const header = readAt(fd, 0, HEADER_BYTES);
  if (header.readUInt32LE(0) !== ELF_MAGIC || !header.subarray(4, 6).equals(ELF64_LITTLE)) return undefined;
  const [at, size, count, names] = [
    Number(header.readBigUInt64LE(0x28)),
    header.readUInt16LE(0x3a),
    header.readUInt16LE(0x3c),
    header.readUInt16LE(0x3e),
  ];
  if (size !== SECTION_BYTES || count > MOST_SECTIONS || names >= count) return undefined;
  const table = readAt(fd, at, count * SECTION_BYTES);
  const raw = Array.from({ length: count }, (_, index) => readSection(table, index * SECTION_BYTES));
  const text = raw[names] && readAt(fd, raw[names].offset, raw[names].size);
  return text && raw.map(({ nameAt, ...section }) => ({ ...section, name: cString(text, nameAt) }));
}

function readSection(table: Buffer, at: number) {
  const isEmpty = table.readUInt32LE(at + 4) === NOBITS;
  return {
    nameAt: table.readUInt32LE(at),
    offset: Number(table.readBigUInt64LE(at + 0x18)),
    size: isEmpty ? 0 : Number(table.readBigUInt64LE(at + 0x20)),
  };
}

function packageSizes(table: Buffer): ReadonlyMap<string, number> | undefined {
  if (!MAGICS.includes(table.readUInt32LE(0)) || table[7] !== 8) return undefined;
  const word = (index: number) => Number(table.readBigUInt64LE(8 + index * 8));
  const [count, names, functions] = [word(0), word(3), word(7)];
  const sizes = new Map<string, number>();
  for (let index = 0; index < count; index++) {
    const entry = functions + index * 8;
    const size = table.readUInt32LE(entry + 8) - table.readUInt32LE(entry);
    const nameAt = table.readInt32LE(functions + table.readUInt32LE(entry + 4) + 4);
    const name = packageOf(cString(table, names + nameAt));
    sizes.set(name, (sizes.get(name) ?? 0) + Math.max(0, size));
  }
  return sizes;
}

/** `net/http.(*Server).Serve` is of `net/http`; a dot in the last element of a path is written `%2e`. */
function packageOf(symbol: string): string {
  if (/^(?:type|go):/.test(symbol)) return '(generated)';
  const bracket = symbol.indexOf('[');
  const plain = bracket < 0 ? symbol : symbol.slice(0, bracket);
  const dot = plain.indexOf('.', plain.lastIndexOf('/') + 1);
  return dot < 0 ? '(assembly)' : plain.slice(0, dot).replaceAll('%2e', '.');
}

function withSections(packages: ReadonlyMap<string, number>, sections: readonly Section[]): readonly PackageSize[] {
  const other = sections.filter(({ name, size }) => size > 0 && name !== '.text' && name !== '');
  return [...[...packages].map(([name, sizeBytes]) => ({ name, sizeBytes })), ...sectionSizes(other)].sort(
    (a, b) => b.sizeBytes - a.sizeBytes,
  );
}

/** Sections by what they are for; those of debuggers are one. */
function sectionSizes(sections: readonly Section[]): readonly PackageSize[] {
  const sizes = new Map<string, number>();
  for (const { name, size } of sections) {
    const title = /^\.z?debug/.test(name) ? 'debug information' : (SECTION_NAMES[name] ?? name);
    sizes.set(title, (sizes.get(title) ?? 0) + size);
  }
  return [...sizes].map(([title, sizeBytes]) => ({ name: `(${title})`, sizeBytes }));
}

const SECTION_NAMES: Readonly<Record<string, string>> = {
  '.rodata': 'read-only data',
  '.gopclntab': 'function table',
  '.data.rel.ro.gopclntab': 'function table',
  '.data': 'data',
  '.noptrdata': 'data without pointers',
  '.typelink': 'types',
  '.itablink': 'interfaces',
  '.symtab': 'symbols',
  '.strtab': 'symbol names',
};

function cString(bytes: Buffer, at: number): string {
  const end = bytes.indexOf(0, at);
  if (at < 0 || at >= bytes.length || end < 0 || end - at > LONGEST_NAME) throw new RangeError('no string');
  return bytes.toString('utf8', at, end);
}

function readAt(fd: number, position: number, length: number): Buffer {
  if (!Number.isSafeInteger(position) || length > MOST_BYTES) throw new RangeError('too large');
  const bytes = Buffer.allocUnsafe(length);
  let read = 0;
  while (read < length) {
    const count = readSync(fd, bytes, read, length - read, position + read);
    if (count === 0) throw new RangeError('the file ends early');
    read += count;
  }
  return bytes;
}
