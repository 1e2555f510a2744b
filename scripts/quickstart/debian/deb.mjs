import { spawn } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { decompress } from './compression.mjs';

/**
 * The files of a .deb as an uncompressed tar stream: by dpkg-deb where the machine has it, since its decompression is
 * native, else by our own reader.
 * @param {string} path
 * @returns {AsyncIterable<Uint8Array>}
 */
export async function* readDebFiles(path) {
  const child = spawn('dpkg-deb', ['--fsys-tarfile', path], { stdio: ['ignore', 'pipe', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  const ended = new Promise((resolve) => {
    child.on('error', (error) => resolve(error));
    child.on('close', (code) => resolve(code === 0 ? undefined : new Error(`dpkg-deb cannot read ${path}: ${errors}`)));
  });
  yield* child.stdout;
  const error = await ended;
  if (error?.code === 'ENOENT') yield* readDebMember(path, 'data.tar');
  else if (error) throw error;
}

/**
 * One member of a .deb, decompressed: deb(5), an ar archive.
 * @param {string} path
 * @param {'control.tar' | 'data.tar'} stem
 * @returns {AsyncIterable<Uint8Array>}
 */
export async function* readDebMember(path, stem) {
  const { name, start, size } = await findMember(path, stem);
  yield* decompress(createReadStream(path, { start, end: start + size - 1, highWaterMark: 1 << 20 }), name);
}

async function findMember(path, stem) {
  const file = await open(path);
  try {
    const header = Buffer.alloc(60);
    for (let offset = 8; ; ) {
      const { bytesRead } = await file.read(header, 0, 60, offset);
      if (bytesRead < 60) throw new Error(`${path} has no ${stem}`);
      const name = header.latin1Slice(0, 16).trim().replace(/\/$/, '');
      const size = Number(header.latin1Slice(48, 58));
      if (header.latin1Slice(58, 60) !== '`\n' || !Number.isSafeInteger(size))
        throw new Error(`${path} is no ar archive`);
      if (name === stem || name.startsWith(`${stem}.`)) return { name, start: offset + 60, size };
      // Members start at even offsets.
      offset += 60 + size + (size % 2);
    }
  } finally {
    await file.close();
  }
}
