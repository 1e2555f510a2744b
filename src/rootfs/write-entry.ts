import { closeSync, lstatSync, openSync, writeSync } from 'node:fs';
import type { TarEntry } from '../image/tar/tar-entry.ts';
import type { DiffWriter } from './diff-writer.ts';
import type { Attributes } from './entry-attributes.ts';

/** Where a member of an archive lies in the root, and what it should be like there. */
export interface EntryPlace {
  readonly path: string;
  readonly attributes: Attributes;
  /** Of a hard link: the path that it is another name of. */
  readonly existing?: string | undefined;
}

/**
 * Makes one member of an archive over whatever is at its path; a directory is merged into one that is there. Its parent
 * must be there. Returns a promise only for content that has to be waited for.
 */
export function writeEntry(writer: DiffWriter, entry: TarEntry, place: EntryPlace): Promise<void> | undefined {
  const { path, attributes } = place;
  switch (entry.type) {
    case 'directory':
      writeDirectory(writer, place);
      return undefined;
    case 'symlink':
      writer.symlink(path, entry.linkTarget ?? '', attributes);
      return undefined;
    case 'link':
      writeLink(writer, place);
      return undefined;
    case 'file':
      return writeFile(writer, entry, place);
    default:
      writer.node(path, entry.type, { ...attributes, ...(entry.rdev && { rdev: entry.rdev }) });
      return undefined;
  }
}

/** What a member says it should be like. */
export function attributesOf(entry: TarEntry): Attributes {
  return { ...entry, xattrs: wantedXattrs(entry.xattrs) };
}

/** Nobody outside may say what overlayfs believes, or set what only the machine's administrator may. */
function wantedXattrs(xattrs: ReadonlyMap<string, Buffer> | undefined): ReadonlyMap<string, Buffer> | undefined {
  if (!xattrs) return undefined;
  return new Map([...xattrs].filter(([name]) => !name.startsWith('trusted.') && !name.startsWith('user.overlay.')));
}

function writeDirectory(writer: DiffWriter, { path, attributes }: EntryPlace): void {
  if (writer.lstat(path)?.type === 'directory') {
    writer.openDirectory(path);
    writer.setAttributes(path, 'directory', attributes);
  } else {
    writer.mkdir(path, attributes);
  }
}

function writeFile(writer: DiffWriter, entry: TarEntry, { path, attributes }: EntryPlace): Promise<void> | undefined {
  const fd = writer.create(path, (host) => openSync(host, 'wx', 0o600));
  const buffered = entry.takeBuffered();
  if (!buffered) return streamFile(writer, entry, { path, attributes, fd });
  try {
    writeWhole(fd, buffered);
  } finally {
    closeSync(fd);
  }
  writer.setAttributes(path, 'file', attributes);
  return undefined;
}

async function streamFile(
  writer: DiffWriter,
  entry: TarEntry,
  { path, attributes, fd }: EntryPlace & { readonly fd: number },
): Promise<void> {
  try {
    for await (const chunk of entry.body) writeWhole(fd, chunk);
  } finally {
    closeSync(fd);
  }
  writer.setAttributes(path, 'file', attributes);
}

/** A hard link to a symlink is a symlink. */
function writeLink(writer: DiffWriter, { path, attributes, existing }: EntryPlace): void {
  const there = existing === undefined ? undefined : writer.lstat(existing);
  if (existing === undefined || !there || there.type === 'directory') {
    throw Object.assign(new Error('ENOENT: link'), { code: 'ENOENT' });
  }
  writer.link(existing, path);
  const isDevice = there.type === 'char' || there.type === 'block';
  // An empty file that stands for a device keeps what it stands for.
  if (isDevice && lstatSync(writer.hostPath(path)).isFile()) return;
  const type = there.type === 'symlink' ? 'symlink' : 'file';
  writer.changeAttributes(path, type, attributes);
  // Both names are one file, also where the disk cannot say whose it is.
  if (path !== existing) writer.changeAttributes(existing, type, attributes);
}

function writeWhole(fd: number, bytes: Buffer): void {
  for (let offset = 0; offset < bytes.length; ) offset += writeSync(fd, bytes, offset);
}
