import type { ByteSource } from '../elf/byte-source.ts';
import { cString, type ElfFile } from '../elf/read-elf.ts';

/** A function and how much code it has. */
export interface FunctionSize {
  /** With its import path: `net/http.(*Server).Serve`. */
  readonly name: string;
  /** Import path, or a name in parentheses for what belongs to no package. */
  readonly packageName: string;
  readonly sizeBytes: number;
}

/** Since Go 1.18, and since Go 1.20. */
const MAGICS = [0xfffffff0, 0xfffffff1];
const MOST_FUNCTIONS = 4_000_000;

/**
 * The functions of a Go program, read from the table that every Go binary carries, stripped or not (runtime/symtab.go, "pclntab"; the
 * form since Go 1.18), in the order of their addresses. Only 64 bits, little endian. undefined when it is no such program.
 * @throws RangeError when the table points outside of itself
 */
export function goFunctions(source: ByteSource, elf: ElfFile): readonly FunctionSize[] | undefined {
  const section = elf.sections.find(({ name }) => name.endsWith('.gopclntab'));
  if (!section || elf.bits !== 64 || !elf.isLittleEndian) return undefined;
  const table = source.read(section.offset, section.size);
  if (!MAGICS.includes(table.readUInt32LE(0)) || table[7] !== 8) return undefined;
  const word = (index: number) => Number(table.readBigUInt64LE(8 + index * 8));
  const [count, names, functions] = [word(0), word(3), word(7)];
  if (count > MOST_FUNCTIONS) throw new RangeError('too many functions');
  return Array.from({ length: count }, (_, index) => {
    const entry = functions + index * 8;
    const size = table.readUInt32LE(entry + 8) - table.readUInt32LE(entry);
    const nameAt = table.readInt32LE(functions + table.readUInt32LE(entry + 4) + 4);
    const name = cString(table, names + nameAt);
    return { name, packageName: packageOf(name), sizeBytes: Math.max(0, size) };
  });
}

/** `net/http.(*Server).Serve` is of `net/http`; a dot in the last element of a path is written `%2e`. */
function packageOf(symbol: string): string {
  if (/^(?:type|go):/.test(symbol)) return '(generated)';
  const bracket = symbol.indexOf('[');
  const plain = bracket < 0 ? symbol : symbol.slice(0, bracket);
  const dot = plain.indexOf('.', plain.lastIndexOf('/') + 1);
  return dot < 0 ? '(assembly)' : plain.slice(0, dot).replaceAll('%2e', '.');
}
