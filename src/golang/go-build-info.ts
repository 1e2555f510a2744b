import type { ByteSource } from '../elf/byte-source.ts';
import type { ElfFile } from '../elf/read-elf.ts';

/** A module that a program is made of. */
export interface GoModule {
  readonly path: string;
  /** `(devel)` for one that was built in its own tree without version control. */
  readonly version: string;
}

/** What the Go linker wrote into a program about itself (debug/buildinfo; the form since Go 1.18). */
export interface GoBuildInfo {
  /** `go1.26.1`. */
  readonly goVersion: string;
  /** Import path of the main package. */
  readonly path: string | undefined;
  readonly main: GoModule | undefined;
  readonly dependencies: readonly GoModule[];
  /** Settings such as `-ldflags`, `CGO_ENABLED`, `vcs.revision`. */
  readonly settings: ReadonlyMap<string, string>;
}

const MAGIC = Buffer.from('\xff Go buildinf:', 'latin1');
const HEADER_BYTES = 32;
const INLINE_STRINGS = 2;
const MOST_BYTES = 16 * 1024 * 1024;
/** Random bytes around the modules' text, by which older programs were searched for it. */
const SENTINEL_BYTES = 16;

/** undefined when the program is not Go's, or of a form older than Go 1.18. */
export function goBuildInfo(source: ByteSource, elf: ElfFile): GoBuildInfo | undefined {
  const section = elf.sections.find(({ name }) => name === '.go.buildinfo');
  if (!section || section.size < HEADER_BYTES || section.size > MOST_BYTES) return undefined;
  try {
    return readSection(source.read(section.offset, section.size));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function readSection(bytes: Buffer): GoBuildInfo | undefined {
  const isKnown = bytes.subarray(0, MAGIC.length).equals(MAGIC) && ((bytes[15] ?? 0) & INLINE_STRINGS) !== 0;
  if (!isKnown) return undefined;
  const version = readString(bytes, HEADER_BYTES);
  const modules = readString(bytes, version.end);
  const { length } = modules.bytes;
  const text =
    length >= 2 * SENTINEL_BYTES ? modules.bytes.toString('utf8', SENTINEL_BYTES, length - SENTINEL_BYTES) : '';
  return { goVersion: version.bytes.toString(), ...parseModules(text) };
}

/** A string behind its length, which is a varint. */
function readString(bytes: Buffer, start: number): { readonly bytes: Buffer; readonly end: number } {
  let length = 0;
  let at = start;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++];
    if (byte === undefined || shift > 28) throw new RangeError('length');
    length += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) break;
  }
  if (at + length > bytes.length) throw new RangeError('string');
  return { bytes: bytes.subarray(at, at + length), end: at + length };
}

function parseModules(text: string): Omit<GoBuildInfo, 'goVersion'> {
  const lines = text.split('\n').map((line) => line.split('\t'));
  const dependencies: GoModule[] = [];
  const settings = new Map<string, string>();
  for (const [kind, name = '', value = ''] of lines) {
    if (kind === 'dep') dependencies.push({ path: name, version: value });
    // What stands in the place of the dependency before it.
    else if (kind === '=>') dependencies.splice(-1, 1, { path: name, version: value });
    else if (kind === 'build') settings.set(...splitSetting(name));
  }
  const path = lines.find(([kind]) => kind === 'path')?.[1];
  const main = lines.find(([kind]) => kind === 'mod');
  return { path, main: main && { path: main[1] ?? '', version: main[2] ?? '' }, dependencies, settings };
}

/** `-ldflags="-s -w"`: Go quotes what has blanks. */
function splitSetting(text: string): [string, string] {
  const equals = text.indexOf('=');
  const value = equals < 0 ? '' : text.slice(equals + 1);
  return [equals < 0 ? text : text.slice(0, equals), unquoted(value)];
}

function unquoted(value: string): string {
  if (!/^".*"$/.test(value)) return value.replace(/^`(.*)`$/, '$1');
  try {
    return String(JSON.parse(value));
  } catch {
    return value;
  }
}
