import { lstatSync, readdirSync } from 'node:fs';
import { DiffWriter } from './diff-writer.ts';
import { fileEntry } from './layered-view.ts';
import type { WritableDifference } from './snapshot.ts';

/**
 * Makes what another program put into an empty difference root's own, modes and times as they are. Whatever is no file,
 * directory or symlink is left as it is.
 */
export function adoptFiles(active: WritableDifference): void {
  const writer = new DiffWriter(active);
  for (const path of walk(writer, '')) {
    const { type, mode, mtimeNs } = fileEntry(
      path,
      writer.hostPath(path),
      lstatSync(writer.hostPath(path), { bigint: true }),
    );
    if (type !== 'file' && type !== 'directory' && type !== 'symlink') continue;
    if (type === 'directory') writer.openDirectory(path);
    writer.setAttributes(path, type, { uid: 0, gid: 0, mode, mtimeNs });
  }
  writer.finish();
}

function* walk(writer: DiffWriter, folder: string): Generator<string> {
  for (const { name, isDirectory } of listed(writer.hostPath(folder))) {
    const path = folder === '' ? name : `${folder}/${name}`;
    yield path;
    if (isDirectory) yield* walk(writer, path);
  }
}

function listed(dir: string): { readonly name: string; readonly isDirectory: boolean }[] {
  return readdirSync(dir, { withFileTypes: true }).map((entry) => ({
    name: entry.name,
    isDirectory: entry.isDirectory(),
  }));
}
