import { packTar } from '../../src/image/tar/pack-tar.ts';
import type { TarHeader } from '../../src/image/tar/tar-header.ts';

export type Member = readonly [path: string, content?: string, header?: Partial<TarHeader>];

/** A tar archive: directories end in a slash, everything is root's and from 2001 unless told. */
export function tarBytes(members: readonly Member[]): Buffer {
  return Buffer.concat([
    ...packTar(
      members.map(([path, text = '', header = {}]) => {
        const type = header.type ?? (path.endsWith('/') ? 'directory' : 'file');
        const content = Buffer.from(type === 'file' ? text : '');
        const linkTarget = type === 'symlink' || type === 'link' ? { linkTarget: text } : {};
        const mode = type === 'directory' ? 0o755 : 0o644;
        const common = { path, type, mode, uid: 0, gid: 0, size: content.length, mtimeNs: 1_000_000_000_000_000_000n };
        return { header: { ...common, ...linkTarget, ...header }, content };
      }),
    ),
  ]);
}
