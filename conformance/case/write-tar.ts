import type { CaseTarEntry } from './conformance-case.ts';

const BLOCK = 512;
const FLAGS: Readonly<Record<string, string>> = { f: '0', h: '1', l: '2', c: '3', b: '4', d: '5', p: '6' };

/** A tar of entries as they are told, sane or not; what a field cannot hold goes into PAX records. */
export function writeTar(entries: readonly CaseTarEntry[]): Buffer {
  return Buffer.concat([...entries.flatMap(entryBlocks), Buffer.alloc(2 * BLOCK)]);
}

function entryBlocks(entry: CaseTarEntry): Buffer[] {
  const content = Buffer.from(entry.content);
  const records = { ...tooLarge(entry), ...entry.pax };
  const pax = Object.entries(records).map(([key, value]) => paxRecord(key, value));
  const extended = Buffer.concat(pax);
  const type = FLAGS[entry.kind] ?? entry.kind;
  return [
    ...(pax.length > 0 ? [header({ ...entry, path: 'pax' }, 'x', extended.length), padded(extended)] : []),
    header(entry, type, content.length),
    padded(content),
  ];
}

function tooLarge({ path, target, uid, gid }: CaseTarEntry): Record<string, string> {
  return {
    ...(Buffer.byteLength(path) > 100 ? { path } : {}),
    ...(Buffer.byteLength(target) > 100 ? { linkpath: target } : {}),
    ...(uid > 0o7777777 ? { uid: String(uid) } : {}),
    ...(gid > 0o7777777 ? { gid: String(gid) } : {}),
  };
}

function header(entry: CaseTarEntry, type: string, size: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  const [major = 0, minor = 0] = entry.device.split(',').map(Number);
  block.write(entry.path, 0, 100);
  octal(block, 100, 8, entry.mode);
  octal(block, 108, 8, Math.min(entry.uid, 0o7777777));
  octal(block, 116, 8, Math.min(entry.gid, 0o7777777));
  octal(block, 124, 12, size);
  octal(block, 136, 12, entry.mtime);
  block.write(type, 156, 1);
  block.write(entry.target, 157, 100);
  block.write('ustar\x0000', 257, 'latin1');
  octal(block, 329, 8, major);
  octal(block, 337, 8, minor);
  block.fill(' ', 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

function octal(block: Buffer, at: number, length: number, value: number): void {
  block.write(`${value.toString(8).padStart(length - 1, '0')}\0`, at, 'latin1');
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((BLOCK - (bytes.length % BLOCK)) % BLOCK)]);
}

/** `LENGTH KEY=VALUE\n`, where the length counts its own digits; `base64:` stands for bytes that are no text. */
function paxRecord(key: string, text: string): Buffer {
  const value = text.startsWith('base64:') ? Buffer.from(text.slice('base64:'.length), 'base64') : Buffer.from(text);
  const rest = Buffer.byteLength(` ${key}=\n`) + value.length;
  let length = rest + 1;
  while (length !== rest + String(length).length) length = rest + String(length).length;
  return Buffer.concat([Buffer.from(`${length} ${key}=`), value, Buffer.from('\n')]);
}
