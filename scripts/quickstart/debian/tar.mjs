import { closeSync, openSync, writeSync } from 'node:fs';

/**
 * @typedef {object} TarEntry
 * @property {string} path without a leading `./` or a slash at the end; '' is the root
 * @property {'file' | 'directory' | 'symlink' | 'hardlink'} type
 * @property {number} mode permission bits
 * @property {number} uid
 * @property {number} gid
 * @property {number} mtime seconds
 * @property {number} size bytes of content
 * @property {string} [target] of a symlink as it stands; of a hard link a path like `path`
 */

const BLOCK = 512;
const MAX_NAMES = 1 << 20;
const TYPES = { 0: 'file', '\0': 'file', 1: 'hardlink', 2: 'symlink', 5: 'directory' };

/**
 * Reads the tar streams that .deb files hold: ustar with GNU's or PAX's long names; other types are an error. Content has to be
 * read (or left) before the next entry is asked for.
 * @param {AsyncIterable<Uint8Array>} chunks
 * @returns {AsyncGenerator<{ entry: TarEntry, content: () => AsyncGenerator<Buffer> }>}
 */
export async function* readTar(chunks) {
  const input = new ByteReader(chunks);
  let longPath;
  let longTarget;
  for (;;) {
    const header = await input.read(BLOCK);
    if (!header || header[0] === 0) return input.drain();
    const size = octal(header, 124, 12);
    const type = String.fromCharCode(header[156]);
    if (type === 'L' || type === 'K' || type === 'x') {
      if (size > MAX_NAMES) throw new Error(`names of ${size} bytes in a tar header`);
      const names = readNames(type, await input.read(padded(size)), size);
      longPath = names.path ?? longPath;
      longTarget = names.linkpath ?? longTarget;
      continue;
    }
    if (!(type in TYPES)) throw new Error(`a tar entry of type "${type}" (${text(header, 0, 100)}) is not supported`);
    const entry = {
      path: cleanPath(longPath ?? headerPath(header)),
      type: TYPES[type],
      mode: octal(header, 100, 8) & 0o7777,
      uid: octal(header, 108, 8),
      gid: octal(header, 116, 8),
      mtime: octal(header, 136, 12),
      size: TYPES[type] === 'file' ? size : 0,
      target: entryTarget(TYPES[type], longTarget ?? text(header, 157, 100)),
    };
    longPath = undefined;
    longTarget = undefined;
    let left = padded(entry.size);
    let wanted = entry.size;
    yield {
      entry,
      async *content() {
        while (wanted > 0) {
          const chunk = await input.some(wanted);
          wanted -= chunk.length;
          left -= chunk.length;
          yield chunk;
        }
      },
    };
    while (left > 0) left -= (await input.some(left)).length;
  }
}

/** GNU's headers hold one name, PAX's records of `LENGTH key=value`. */
function readNames(type, block, size) {
  if (type === 'L') return { path: text(block, 0, size) };
  if (type === 'K') return { linkpath: text(block, 0, size) };
  const names = {};
  for (let start = 0; start < size; ) {
    const length = Number.parseInt(block.latin1Slice(start, start + 12), 10);
    const record = /^\d+ ([^=]+)=(.*)\n$/s.exec(block.utf8Slice(start, start + length));
    if (!record) throw new Error('a tar header has a record that cannot be read');
    names[record[1]] = record[2];
    start += length;
  }
  return names;
}

function entryTarget(type, target) {
  if (type === 'symlink') return target;
  return type === 'hardlink' ? cleanPath(target) : undefined;
}

function headerPath(header) {
  const isUstar = header.latin1Slice(257, 263) === 'ustar\0';
  const prefix = isUstar ? text(header, 345, 155) : '';
  return prefix ? `${prefix}/${text(header, 0, 100)}` : text(header, 0, 100);
}

/** Packages name everything below `./`; anything that leaves the root is refused. */
function cleanPath(path) {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.includes('..')) throw new Error(`the path "${path}" leaves the archive's root`);
  return parts.join('/');
}

function text(block, start, length) {
  const end = block.indexOf(0, start);
  return block.utf8Slice(start, end < 0 || end > start + length ? start + length : end);
}

function octal(block, start, length) {
  // GNU's base-256 form is for values that no package has.
  if (block[start] & 0x80) throw new Error('a number in a tar header is too large');
  return Number.parseInt(block.latin1Slice(start, start + length).replace(/[\0 ]/g, '') || '0', 8);
}

function padded(size) {
  return Math.ceil(size / BLOCK) * BLOCK;
}

class ByteReader {
  #chunks;
  #rest = Buffer.alloc(0);

  constructor(chunks) {
    this.#chunks = (chunks[Symbol.asyncIterator] ?? chunks[Symbol.iterator]).call(chunks);
  }

  /** Exactly `size` bytes; undefined at the end of the stream. */
  async read(size) {
    if (this.#rest.length < size && !(await this.#fill(size))) return undefined;
    return this.#take(size);
  }

  /** Between one and `limit` bytes. */
  async some(limit) {
    if (this.#rest.length === 0 && !(await this.#fill(1))) throw new Error('a tar stream ends in the middle of a file');
    return this.#take(Math.min(limit, this.#rest.length));
  }

  /** Reads to the end, so that whoever writes the stream can end well. */
  async drain() {
    for (let done = false; !done; ) ({ done = false } = await this.#chunks.next());
  }

  async #fill(size) {
    const parts = [this.#rest];
    let length = this.#rest.length;
    while (length < size) {
      const { value, done } = await this.#chunks.next();
      if (done) {
        if (length > 0) throw new Error('a tar stream ends in the middle of an entry');
        return false;
      }
      parts.push(Buffer.from(value.buffer, value.byteOffset, value.byteLength));
      length += value.length;
    }
    this.#rest = parts.length === 1 ? parts[0] : Buffer.concat(parts);
    return true;
  }

  #take(size) {
    const taken = this.#rest.subarray(0, size);
    this.#rest = this.#rest.subarray(size);
    return taken;
  }
}

/** Writes a tar file: ustar headers, PAX records where a name does not fit. The caller closes it. */
export class TarWriter {
  #fd;
  #pending = [];
  #pendingBytes = 0;

  /** @param {string} path is created or replaced */
  constructor(path) {
    this.#fd = openSync(path, 'w');
  }

  /**
   * @param {TarEntry} entry
   * @param {Buffer | AsyncIterable<Buffer>} [content] `entry.size` bytes
   */
  async add(entry, content) {
    this.#write(encodeHeaders(entry));
    let written = 0;
    for await (const chunk of Buffer.isBuffer(content) ? [content] : (content ?? [])) {
      written += chunk.length;
      this.#write(chunk);
    }
    if (written !== entry.size) throw new Error(`${entry.path} has ${written} bytes instead of ${entry.size}`);
    this.#write(Buffer.alloc(padded(written) - written));
  }

  close() {
    this.#write(Buffer.alloc(2 * BLOCK));
    this.#flush();
    closeSync(this.#fd);
  }

  #write(chunk) {
    this.#pending.push(chunk);
    this.#pendingBytes += chunk.length;
    if (this.#pendingBytes >= 1 << 20) this.#flush();
  }

  #flush() {
    const bytes = Buffer.concat(this.#pending);
    for (let offset = 0; offset < bytes.length; ) offset += writeSync(this.#fd, bytes, offset);
    this.#pending = [];
    this.#pendingBytes = 0;
  }
}

function encodeHeaders(entry) {
  const path = entry.type === 'directory' ? `${entry.path}/`.replace(/^\/$/, './') : entry.path;
  const target = entry.target ?? '';
  const records = [
    ...(Buffer.byteLength(path) > 100 ? [paxRecord('path', path)] : []),
    ...(Buffer.byteLength(target) > 100 ? [paxRecord('linkpath', target)] : []),
  ];
  const main = encodeHeader({
    ...entry,
    path,
    target,
    flag: { file: '0', hardlink: '1', symlink: '2', directory: '5' }[entry.type],
  });
  if (records.length === 0) return main;
  const body = Buffer.from(records.join(''));
  const head = encodeHeader({
    path: 'PaxHeaders/entry',
    mode: 0o644,
    uid: 0,
    gid: 0,
    mtime: entry.mtime,
    size: body.length,
    target: '',
    flag: 'x',
  });
  return Buffer.concat([head, body, Buffer.alloc(padded(body.length) - body.length), main]);
}

/** `LENGTH key=value\n`, where LENGTH counts itself. */
function paxRecord(key, value) {
  const rest = ` ${key}=${value}\n`;
  const base = Buffer.byteLength(rest);
  let length = base + String(base).length;
  length = base + String(length).length;
  return `${length}${rest}`;
}

function encodeHeader({ path, mode, uid, gid, mtime, size, target, flag }) {
  const header = Buffer.alloc(BLOCK);
  const number = (value, offset, length) => header.write(value.toString(8).padStart(length - 1, '0'), offset, 'latin1');
  header.write(path, 0, 100);
  number(mode, 100, 8);
  number(uid, 108, 8);
  number(gid, 116, 8);
  number(size, 124, 12);
  number(mtime, 136, 12);
  header.fill(' ', 148, 156);
  header.write(flag, 156, 'latin1');
  header.write(target, 157, 100);
  header.write('ustar\x0000', 257, 'latin1');
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return header;
}
