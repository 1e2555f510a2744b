import type { ByteSource } from './byte-source.ts';
import { cString, type ElfFile, type ElfForm, type ElfSegment } from './read-elf.ts';

type Dynamic = Pick<ElfFile, 'isDynamic' | 'needed' | 'soname' | 'rpath' | 'runpath'>;

const PT_LOAD = 1;
const PT_DYNAMIC = 2;
const DT_NULL = 0;
const DT_NEEDED = 1;
const DT_STRTAB = 5;
const DT_STRSZ = 10;
const DT_SONAME = 14;
const DT_RPATH = 15;
const DT_RUNPATH = 29;
const MOST_BYTES = 1024 * 1024;
const MOST_STRING_BYTES = 64 * 1024 * 1024;

/** What the dynamic segment says for the loader. @throws RangeError when it points outside of the file */
export function readDynamic(source: ByteSource, segments: readonly ElfSegment[], form: ElfForm): Dynamic {
  const dynamic = segments.find(({ type }) => type === PT_DYNAMIC);
  if (!dynamic) return { isDynamic: false, needed: [], soname: undefined, rpath: undefined, runpath: undefined };
  const entries = readEntries(source.read(dynamic.offset, Math.min(dynamic.fileSize, MOST_BYTES)), form);
  const first = (tag: number) => entries.find((entry) => entry.tag === tag)?.value;
  const strings = stringTable(source, segments, { address: first(DT_STRTAB), size: first(DT_STRSZ) });
  const text = (tag: number) =>
    entries.filter((entry) => entry.tag === tag).map(({ value }) => cString(strings, value));
  return {
    isDynamic: true,
    needed: text(DT_NEEDED),
    soname: text(DT_SONAME)[0],
    rpath: text(DT_RPATH)[0],
    runpath: text(DT_RUNPATH)[0],
  };
}

function readEntries(table: Buffer, form: ElfForm): readonly { readonly tag: number; readonly value: number }[] {
  const size = form.isWide ? 8 : 4;
  const entries: { tag: number; value: number }[] = [];
  for (let at = 0; at + 2 * size <= table.length; at += 2 * size) {
    const tag = form.native(table, at);
    if (tag === DT_NULL) break;
    entries.push({ tag, value: form.native(table, at + size) });
  }
  return entries;
}

/** Addresses are those in memory: a loaded segment says where in the file that is. */
function stringTable(
  source: ByteSource,
  segments: readonly ElfSegment[],
  { address, size }: { readonly address: number | undefined; readonly size: number | undefined },
): Buffer {
  if (address === undefined || size === undefined) return Buffer.alloc(1);
  const loaded = segments.find(
    (segment) => segment.type === PT_LOAD && address >= segment.address && address < segment.address + segment.fileSize,
  );
  if (!loaded || size > MOST_STRING_BYTES) throw new RangeError('no string table');
  return source.read(address - loaded.address + loaded.offset, size);
}
