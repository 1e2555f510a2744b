import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { TarWriter } from './tar.mjs';

/**
 * Writes a .deb for tests.
 * @param {string} path
 * @param {readonly Partial<import('./tar.mjs').TarEntry & { content: string }>[]} entries files unless `type` says
 *   otherwise, root's, of the same age
 */
export async function writeDeb(path, entries) {
  const members = [
    ['debian-binary', Buffer.from('2.0\n')],
    ['control.tar.gz', gzipSync(await tarOf([{ path: 'control', content: 'Package: fake\n' }]))],
    ['data.tar.gz', gzipSync(await tarOf(entries))],
  ];
  const parts = members.flatMap(([name, content]) => [
    `${name.padEnd(16)}${'0'.padEnd(12)}${'0'.padEnd(6)}${'0'.padEnd(6)}${'100644'.padEnd(8)}${String(content.length).padEnd(10)}\`\n`,
    content,
    content.length % 2 === 1 ? '\n' : '',
  ]);
  writeFileSync(path, Buffer.concat(['!<arch>\n', ...parts].map((part) => Buffer.from(part))));
}

/** A tar archive with these entries. */
export async function tarOf(entries) {
  const folder = mkdtempSync(join(tmpdir(), 'tar-'));
  try {
    const tar = new TarWriter(join(folder, 'x.tar'));
    for (const { content = '', type = 'file', ...entry } of entries) {
      const bytes = Buffer.from(content);
      const mode = type === 'directory' ? 0o755 : 0o644;
      await tar.add({ mode, uid: 0, gid: 0, mtime: 1_700_000_000, type, size: bytes.length, ...entry }, bytes);
    }
    tar.close();
    return readFileSync(join(folder, 'x.tar'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
