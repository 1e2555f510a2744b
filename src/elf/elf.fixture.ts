/** A small ELF file of 64 bits, little endian, made by hand: what tests need of a program, and nothing that could run. */
export interface ElfFixture {
  readonly machine: number;
  readonly interpreter?: string;
  readonly needed?: readonly string[];
  readonly soname?: string;
  readonly runpath?: string;
  /** Names of sections; each has 16 bytes. */
  readonly sections?: readonly string[];
}

const HEADER = 64;
const SEGMENT = 56;
const SECTION = 64;
const PT = { load: 1, dynamic: 2, interp: 3 } as const;

export function elfFixture({ machine, interpreter, needed, soname, runpath, sections = [] }: ElfFixture): Buffer {
  const isDynamic = needed !== undefined || soname !== undefined || runpath !== undefined;
  const segments = 1 + (interpreter === undefined ? 0 : 1) + (isDynamic ? 1 : 0);
  const parts: Buffer[] = [];
  let at = HEADER + segments * SEGMENT;
  const place = (bytes: Buffer) => {
    const offset = at;
    parts.push(bytes);
    at += bytes.length;
    return { offset, size: bytes.length };
  };
  const interp = interpreter === undefined ? undefined : place(Buffer.from(`${interpreter}\0`));
  const dynamic = isDynamic ? placeDynamic(place, { needed, soname, runpath }) : undefined;
  const body = place(Buffer.alloc(16, 0x90));
  const names = sectionNames(sections);
  const strings = place(names.bytes);
  const table = [
    ...sections.map((name) => sectionHeader(names.offsets.get(name) ?? 0, body)),
    sectionHeader(0, strings),
  ];
  const sectionsAt = at;
  const header = fileHeader({ machine, segments, sections: table.length, sectionsAt, isDynamic });
  const loaded = segmentHeader(PT.load, { offset: 0, size: sectionsAt });
  const headers = [
    loaded,
    ...(interp ? [segmentHeader(PT.interp, interp)] : []),
    ...(dynamic ? [segmentHeader(PT.dynamic, dynamic)] : []),
  ];
  return Buffer.concat([header, ...headers, ...parts, ...table]);
}

interface Place {
  readonly offset: number;
  readonly size: number;
}

/** Addresses are offsets: one segment loads the whole file at 0. */
function placeDynamic(
  place: (bytes: Buffer) => Place,
  { needed = [], soname, runpath }: Pick<ElfFixture, 'needed' | 'soname' | 'runpath'>,
): Place {
  const texts: [tag: number, text: string][] = needed.map((text) => [1, text]);
  if (soname !== undefined) texts.push([14, soname]);
  if (runpath !== undefined) texts.push([29, runpath]);
  let used = 1;
  const entries = texts.map(([tag, text]): [number, number] => {
    const start = used;
    used += Buffer.byteLength(text) + 1;
    return [tag, start];
  });
  const strings = place(Buffer.from(`\0${texts.map(([, text]) => `${text}\0`).join('')}`));
  const all: [number, number][] = [...entries, [5, strings.offset], [10, strings.size], [0, 0]];
  const table = Buffer.alloc(all.length * 16);
  for (const [index, [tag, value]] of all.entries()) {
    table.writeBigUInt64LE(BigInt(tag), index * 16);
    table.writeBigUInt64LE(BigInt(value), index * 16 + 8);
  }
  return place(table);
}

function sectionNames(names: readonly string[]): { readonly bytes: Buffer; readonly offsets: Map<string, number> } {
  const offsets = new Map<string, number>();
  let text = '\0';
  for (const name of names) {
    offsets.set(name, text.length);
    text += `${name}\0`;
  }
  return { bytes: Buffer.from(text), offsets };
}

function fileHeader(of: {
  readonly machine: number;
  readonly segments: number;
  readonly sections: number;
  readonly sectionsAt: number;
  readonly isDynamic: boolean;
}): Buffer {
  const header = Buffer.alloc(HEADER);
  header.write('\x7fELF\x02\x01\x01', 'latin1');
  header.writeUInt16LE(of.isDynamic ? 3 : 2, 16);
  header.writeUInt16LE(of.machine, 18);
  header.writeBigUInt64LE(BigInt(HEADER), 0x20);
  header.writeBigUInt64LE(BigInt(of.sectionsAt), 0x28);
  header.writeUInt16LE(SEGMENT, 0x36);
  header.writeUInt16LE(of.segments, 0x38);
  header.writeUInt16LE(SECTION, 0x3a);
  header.writeUInt16LE(of.sections, 0x3c);
  header.writeUInt16LE(of.sections - 1, 0x3e);
  return header;
}

function segmentHeader(type: number, { offset, size }: Place): Buffer {
  const bytes = Buffer.alloc(SEGMENT);
  bytes.writeUInt32LE(type, 0);
  bytes.writeBigUInt64LE(BigInt(offset), 0x08);
  bytes.writeBigUInt64LE(BigInt(offset), 0x10);
  bytes.writeBigUInt64LE(BigInt(size), 0x20);
  return bytes;
}

function sectionHeader(nameAt: number, { offset, size }: Place): Buffer {
  const bytes = Buffer.alloc(SECTION);
  bytes.writeUInt32LE(nameAt, 0);
  bytes.writeBigUInt64LE(BigInt(offset), 0x18);
  bytes.writeBigUInt64LE(BigInt(size), 0x20);
  return bytes;
}
