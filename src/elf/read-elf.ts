/**
 * What an ELF file says of itself: for which machine it is, which interpreter and libraries it wants, its sections (System V ABI,
 * "Object Files" and "Program Loading"). 32 and 64 bits, either byte order. Everything in the file is taken for hostile: what does
 * not add up is no ELF file.
 */
import type { ByteSource } from './byte-source.ts';
import { readDynamic } from './read-dynamic.ts';

export interface ElfSection {
  readonly name: string;
  readonly address: number;
  readonly offset: number;
  /** Bytes in the file: none of `.bss`. */
  readonly size: number;
}

export interface ElfFile {
  readonly bits: 32 | 64;
  readonly isLittleEndian: boolean;
  /** `e_machine`. */
  readonly machine: number;
  /** GOARCH's word for the machine, as OCI has it; undefined for others. */
  readonly architecture: string | undefined;
  /** A library is of the same type as a position-independent program; what it is for, its use says. */
  readonly type: 'executable' | 'shared' | 'other';
  /** The dynamic loader that the kernel starts; a static program has none. */
  readonly interpreter: string | undefined;
  readonly isDynamic: boolean;
  readonly needed: readonly string[];
  readonly soname: string | undefined;
  /** Colon-separated, with `$ORIGIN`, as written. */
  readonly rpath: string | undefined;
  readonly runpath: string | undefined;
  readonly sections: readonly ElfSection[];
}

export interface ElfSegment {
  readonly type: number;
  readonly offset: number;
  readonly address: number;
  readonly fileSize: number;
}

const ELF_MAGIC = '\x7fELF';
const HEADER_BYTES = 64;
const MOST_SECTIONS = 4096;
const MOST_SEGMENTS = 256;
const LONGEST_NAME = 4096;
const SHT_NOBITS = 8;
const PT_INTERP = 3;
const TYPES: Readonly<Record<number, ElfFile['type']>> = { 2: 'executable', 3: 'shared' };

const MACHINES: Readonly<Record<number, string>> = {
  3: '386',
  8: 'mips',
  20: 'ppc',
  21: 'ppc64',
  22: 's390x',
  40: 'arm',
  62: 'amd64',
  183: 'arm64',
  243: 'riscv64',
  258: 'loong64',
};

/** As many bytes as `isElf` looks at. */
export const ELF_MAGIC_BYTES = 4;

export function isElf(head: Buffer): boolean {
  return head.toString('latin1', 0, ELF_MAGIC_BYTES) === ELF_MAGIC;
}

/** undefined when it is no ELF file or lies about itself. */
export function readElf(source: ByteSource): ElfFile | undefined {
  try {
    return source.size < HEADER_BYTES ? undefined : readFile(source);
  } catch (error) {
    // A read behind the end of the file or of one of its tables.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function readFile(source: ByteSource): ElfFile | undefined {
  const header = source.read(0, HEADER_BYTES);
  if (!isElf(header) || ![1, 2].includes(header[4] ?? 0) || ![1, 2].includes(header[5] ?? 0)) return undefined;
  const form = new ElfForm(header[4] === 2, header[5] === 1);
  const segments = readSegments(source, header, form);
  const interp = segments.find(({ type }) => type === PT_INTERP);
  const machine = form.half(header, 18);
  return {
    bits: form.isWide ? 64 : 32,
    isLittleEndian: form.isLittle,
    machine,
    architecture: architectureOf(machine, form),
    type: TYPES[form.half(header, 16)] ?? 'other',
    interpreter: interp && cString(source.read(interp.offset, Math.min(interp.fileSize, LONGEST_NAME)), 0),
    ...readDynamic(source, segments, form),
    sections: readSections(source, header, form),
  };
}

function architectureOf(machine: number, { isWide, isLittle }: ElfForm): string | undefined {
  const name = MACHINES[machine];
  if (name === 'mips') return `mips${isWide ? '64' : ''}${isLittle ? 'le' : ''}`;
  if (name === 'ppc64') return isLittle ? 'ppc64le' : name;
  return name;
}

/** How numbers stand in this file. */
export class ElfForm {
  readonly isWide: boolean;
  readonly isLittle: boolean;

  constructor(isWide: boolean, isLittle: boolean) {
    this.isWide = isWide;
    this.isLittle = isLittle;
  }

  half(bytes: Buffer, at: number): number {
    return this.isLittle ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at);
  }

  word(bytes: Buffer, at: number): number {
    return this.isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
  }

  /** An address or offset: 8 bytes where the file has 64 bits, else 4. Not exact above 2^53, which no file reaches. */
  native(bytes: Buffer, at: number): number {
    if (!this.isWide) return this.word(bytes, at);
    return Number(this.isLittle ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at));
  }
}

function readSegments(source: ByteSource, header: Buffer, form: ElfForm): ElfSegment[] {
  const [at, size, count] = form.isWide
    ? [form.native(header, 0x20), form.half(header, 0x36), form.half(header, 0x38)]
    : [form.native(header, 0x1c), form.half(header, 0x2a), form.half(header, 0x2c)];
  if (count === 0) return [];
  if (size < (form.isWide ? 56 : 32) || count > MOST_SEGMENTS) throw new RangeError('segments');
  const table = source.read(at, size * count);
  return Array.from({ length: count }, (_, index) => {
    const entry = index * size;
    const [offset, address, fileSize] = form.isWide ? [0x08, 0x10, 0x20] : [0x04, 0x08, 0x10];
    return {
      type: form.word(table, entry),
      offset: form.native(table, entry + offset),
      address: form.native(table, entry + address),
      fileSize: form.native(table, entry + fileSize),
    };
  });
}

/** None where the file has no section table: it is not needed to run. */
function readSections(source: ByteSource, header: Buffer, form: ElfForm): ElfSection[] {
  const [at, size, count, names] = form.isWide
    ? [form.native(header, 0x28), ...[0x3a, 0x3c, 0x3e].map((offset) => form.half(header, offset))]
    : [form.native(header, 0x20), ...[0x2e, 0x30, 0x32].map((offset) => form.half(header, offset))];
  if (at === 0 || !count || !size) return [];
  if (size < (form.isWide ? 64 : 40) || count > MOST_SECTIONS || (names ?? 0) >= count)
    throw new RangeError('sections');
  const table = source.read(at ?? 0, size * count);
  const raw = Array.from({ length: count }, (_, index) => readSection(table, index * size, form));
  const text = raw[names ?? 0];
  const strings = text ? source.read(text.offset, text.size) : Buffer.alloc(1);
  return raw.map(({ nameAt, ...section }) => ({ ...section, name: cString(strings, nameAt) }));
}

function readSection(table: Buffer, at: number, form: ElfForm) {
  const [address, offset, size] = form.isWide ? [0x10, 0x18, 0x20] : [0x0c, 0x10, 0x14];
  return {
    nameAt: form.word(table, at),
    address: form.native(table, at + address),
    offset: form.native(table, at + offset),
    size: form.word(table, at + 4) === SHT_NOBITS ? 0 : form.native(table, at + size),
  };
}

/** Text up to the next NUL. @throws RangeError when there is none */
export function cString(bytes: Buffer, at: number): string {
  const end = bytes.indexOf(0, at);
  if (at < 0 || at >= bytes.length || end < 0 || end - at > LONGEST_NAME) throw new RangeError('no string');
  return bytes.toString('utf8', at, end);
}
