/**
 * Reads the archive of a layer into a list of what is in it, in one pass: contents are hashed and shown to whoever wants to look at
 * them, and nothing is written anywhere. Everything in a layer is hostile: paths are confined to the root, and what claims to be larger
 * than any layer, or to have more members, is refused before it is read.
 */
import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { KnownError } from '../diagnostics/known-error.ts';
import { stripControl } from '../diagnostics/redact.ts';
import { readTar } from '../image/tar/read-tar.ts';
import type { TarEntry } from '../image/tar/tar-entry.ts';
import type { LayerEntry } from './layer-entry.ts';

/** Looks at the content of one file as it passes. */
export interface FileVisitor {
  /** The chunk may be kept. */
  write(chunk: Buffer): void;
  /** After the last chunk. */
  finish(): void;
  /** In place of `finish` when the layer turns out to be damaged before. */
  discard?(): void;
}

export interface ReadLayerOptions {
  /** For messages: `layer sha256:…`. */
  readonly name: string;
  readonly signal: AbortSignal;
  /** Called for each regular file before its content; undefined when nobody wants to see it. */
  visit?(entry: LayerEntry): FileVisitor | undefined;
}

const WHITEOUT = '.wh.';
const OPAQUE_MARKER = '.wh..wh..opq';
const WHITEOUT_META = '.wh..wh.';
const MOST_ENTRIES = 2_000_000;
const MOST_BYTES = 64 * 2 ** 30;
/** The kernel's PATH_MAX. */
const LONGEST_PATH = 4096;

/**
 * The members in their order; of several with one path each is listed.
 * @throws KnownError LAYER_CORRUPT
 */
export async function readLayer(tar: AsyncIterable<Buffer>, options: ReadLayerOptions): Promise<readonly LayerEntry[]> {
  const { name, signal } = options;
  const entries: LayerEntry[] = [];
  let bytes = 0;
  for await (const member of readTar(tar, { name, errorCode: 'LAYER_CORRUPT' })) {
    signal.throwIfAborted();
    bytes += member.size;
    if (bytes > MOST_BYTES) throw refused(name, `its files claim to have more than ${MOST_BYTES} bytes`);
    if (entries.length >= MOST_ENTRIES) throw refused(name, `it has more than ${MOST_ENTRIES} members`);
    const entry = entryOf(member, name);
    if (!entry) continue;
    entries.push(entry.kind === 'file' ? await readContent(member, entry, options) : entry);
  }
  return entries;
}

/** undefined for what means nothing to anybody: the root's own entry keeps its attributes, aufs' files have none. */
function entryOf(member: TarEntry, layer: string): LayerEntry | undefined {
  const path = confined(member.path);
  if (path.length > LONGEST_PATH) throw refused(layer, `the path ${JSON.stringify(path.slice(0, 80))}… is too long`);
  const { mode, uid, gid, size, type, mtimeNs, xattrs } = member;
  const entry: LayerEntry = {
    path,
    kind: type,
    mode,
    uid,
    gid,
    sizeBytes: size,
    mtimeSeconds: Number(mtimeNs / 1_000_000_000n),
    ...(member.linkTarget !== undefined && { linkTarget: linkTarget(member) }),
    ...(xattrs?.has('security.capability') && { hasCapabilities: true }),
  };
  const name = posix.basename(path);
  return name.startsWith(WHITEOUT) ? whiteout(entry, name) : entry;
}

function whiteout(entry: LayerEntry, name: string): LayerEntry | undefined {
  const folder = posix.dirname(entry.path);
  const dir = folder === '.' ? '' : folder;
  if (name === OPAQUE_MARKER) return { ...entry, path: dir, kind: 'opaque', sizeBytes: 0 };
  const hidden = name.slice(WHITEOUT.length);
  if (name.startsWith(WHITEOUT_META) || ['', '.', '..'].includes(hidden)) return undefined;
  return { ...entry, path: dir === '' ? hidden : `${dir}/${hidden}`, kind: 'whiteout', sizeBytes: 0 };
}

/** As the path would be unpacked: `..` ends at the root. */
function confined(path: string): string {
  return posix.normalize(`/${path}`).replace(/^\/+|\/+$/g, '');
}

function linkTarget({ type, linkTarget: target = '' }: TarEntry): string {
  return type === 'link' ? confined(target) : target;
}

async function readContent(member: TarEntry, entry: LayerEntry, { visit }: ReadLayerOptions): Promise<LayerEntry> {
  const hash = createHash('sha256');
  const visitor = visit?.(entry);
  const see = (chunk: Buffer) => {
    hash.update(chunk);
    visitor?.write(chunk);
  };
  try {
    const whole = member.takeBuffered();
    if (whole) see(whole);
    else for await (const chunk of member.body) see(chunk);
  } catch (error) {
    visitor?.discard?.();
    throw error;
  }
  visitor?.finish();
  return { ...entry, contentHash: hash.digest('hex') };
}

function refused(layer: string, problem: string): KnownError {
  return new KnownError('LAYER_CORRUPT', `Cannot read ${stripControl(layer)}: ${stripControl(problem)}.`, {
    hint: 'The image is damaged or was made to do harm; take it from a source you trust.',
  });
}
