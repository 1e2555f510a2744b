/** A tar reader of its own: what proves Slipway's archives must not share their mistakes. Holds everything in memory. */
export interface TarMember {
  /** Without leading `./` or `/` and without a trailing slash; the root is empty. */
  readonly path: string;
  readonly type: 'file' | 'directory' | 'symlink' | 'hardlink' | 'char' | 'block' | 'fifo';
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Seconds, cut. */
  readonly mtime: number;
  readonly linkTarget: string;
  readonly device: string;
  readonly content: Buffer;
  readonly xattrs: ReadonlyMap<string, string>;
}

const BLOCK = 512;
const TYPES = ['file', 'hardlink', 'symlink', 'char', 'block', 'directory', 'fifo'] as const;

export function readTar(bytes: Buffer): TarMember[] {
  const members: TarMember[] = [];
  let pax = new Map<string, string>();
  for (let at = 0; at + BLOCK <= bytes.length; ) {
    const header = bytes.subarray(at, at + BLOCK);
    if (header[0] === 0) break;
    const kind = String.fromCharCode(header[156] || 0x30);
    const size = Number(pax.get('size') ?? number(header, 124, 12));
    const body = bytes.subarray(at + BLOCK, at + BLOCK + size);
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
    if (kind === 'x') pax = paxRecords(body);
    else if (kind === 'L') pax.set('path', text(body, 0, body.length));
    else if (kind === 'K') pax.set('linkpath', text(body, 0, body.length));
    else if (kind !== 'g') {
      members.push(member({ header, kind, body, pax }));
      pax = new Map();
    }
  }
  return members;
}

interface RawMember {
  readonly header: Buffer;
  readonly kind: string;
  readonly body: Buffer;
  readonly pax: ReadonlyMap<string, string>;
}

function member({ header, kind, body, pax }: RawMember): TarMember {
  const type = TYPES[Number(kind)] ?? 'file';
  const prefix = text(header, 257, 6) === 'ustar' ? text(header, 345, 155) : '';
  const name = pax.get('path') ?? (prefix ? `${prefix}/${text(header, 0, 100)}` : text(header, 0, 100));
  return {
    path: cleanPath(name),
    type,
    mode: number(header, 100, 8) & 0o7777,
    uid: Number(pax.get('uid') ?? number(header, 108, 8)),
    gid: Number(pax.get('gid') ?? number(header, 116, 8)),
    mtime: Math.floor(Number(pax.get('mtime') ?? number(header, 136, 12))),
    linkTarget: pax.get('linkpath') ?? text(header, 157, 100),
    device: `${number(header, 329, 8)},${number(header, 337, 8)}`,
    content: body,
    xattrs: new Map(
      [...pax].flatMap(([key, value]) =>
        key.startsWith('SCHILY.xattr.') ? [[key.slice('SCHILY.xattr.'.length), value] as const] : [],
      ),
    ),
  };
}

export function cleanPath(path: string): string {
  return path
    .replace(/^(?:\.?\/)+/, '')
    .replace(/\/+$/, '')
    .replace(/^\.$/, '');
}

function text(bytes: Buffer, start: number, length: number): string {
  const field = bytes.subarray(start, start + length);
  const end = field.indexOf(0);
  return field.toString('utf8', 0, end < 0 ? length : end);
}

function number(header: Buffer, start: number, length: number): number {
  // The first bit set: a binary number, for values that octal digits cannot hold.
  if ((header[start] ?? 0) & 0x80) return header.readUIntBE(start + length - 6, 6);
  return Number.parseInt(text(header, start, length).trim() || '0', 8);
}

function paxRecords(body: Buffer): Map<string, string> {
  const records = new Map<string, string>();
  for (let at = 0; at < body.length; ) {
    const space = body.indexOf(0x20, at);
    const end = at + Number(body.toString('utf8', at, space));
    if (space < 0 || !(end > at)) break;
    const equals = body.indexOf(0x3d, space);
    const key = body.toString('utf8', space + 1, equals);
    const value = body.subarray(equals + 1, end - 1);
    records.set(key, key.startsWith('SCHILY.xattr.') ? value.toString('base64') : value.toString('utf8'));
    at = end;
  }
  return records;
}
