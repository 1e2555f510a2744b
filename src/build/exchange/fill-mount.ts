/**
 * Writes the files of a mount into a new, empty folder. Everything in an index and a pack is hostile: a content is used when
 * its digest is right, memory holds one at a time, and links are made last, so that nothing is written through one.
 */
import { createHash } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  constants,
  ftruncateSync,
  lchownSync,
  mkdirSync,
  openSync,
  symlinkSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { systemErrorCode } from '../../diagnostics/known-error.ts';
import { decompress } from '../../image/compression/decompress.ts';
import type { Descriptor } from '../../image/descriptor.ts';
import type { Digest } from '../../image/digest.ts';
import type { LayerCompression } from '../../image/media-type.ts';
import { readTar } from '../../image/tar/read-tar.ts';
import type { TarEntry } from '../../image/tar/tar-entry.ts';
import { setMtime } from '../../system/mtime.ts';
import { CACHE_MEDIA_TYPE } from './cache-artifact.ts';
import type { CachePlace, PlaceOptions } from './cache-place.ts';
import { MOST_CONTENT_BYTES, type MountListing, type MountMember, type MountsIndex } from './mounts-index.ts';
import { invalid } from './parse-cache-config.ts';

/** A pack larger than this is none of ours: one takes 32 MiB of contents. */
const MAX_PACK_BYTES = 64 * 1024 * 1024;

export interface FillOptions extends PlaceOptions {
  readonly index: MountsIndex;
  readonly packs: readonly Descriptor[];
}

/** Where a content belongs. */
interface Target {
  readonly path: string;
  readonly offset: number;
}

/** @throws KnownError CACHE_INVALID, DIGEST_MISMATCH, and as the place's `open`; the folder is to be thrown away then */
export async function fillMount(
  place: CachePlace,
  { members }: MountListing,
  dir: string,
  { index, packs, ...options }: FillOptions,
): Promise<void> {
  for (const member of members) makeEmpty(dir, member);
  const targets = contentTargets(members);
  for (const { digest, contents } of index.packs) {
    const wanted = new Map(
      contents.filter((content) => targets.has(content.digest)).map((content) => [content.digest, content.size]),
    );
    const pack = wanted.size > 0 ? packs.find((each) => each.digest === digest) : undefined;
    if (pack) await readPack(place, pack, { ...options, wanted, dir, targets });
  }
  if (targets.size > 0) throw invalid(`${targets.size} contents of its cache mounts are in no pack`);
  for (const member of members) if (member.type === 'symlink') symlinkSync(member.target, join(dir, member.path));
  // From the last to the first: a directory's time is set when everything is in it.
  for (const member of [...members].reverse()) finish(dir, member);
}

function makeEmpty(dir: string, member: MountMember): void {
  const path = join(dir, member.path);
  if (member.type === 'directory') mkdirSync(path, { mode: 0o700 });
  if (member.type !== 'file') return;
  const fd = openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
  try {
    // A claim of many bytes costs none before they are there.
    if (member.contents.length > 1) ftruncateSync(fd, member.size);
  } finally {
    closeSync(fd);
  }
}

function contentTargets(members: readonly MountMember[]): Map<Digest, Target[]> {
  const targets = new Map<Digest, Target[]>();
  for (const member of members) {
    if (member.type !== 'file') continue;
    // All but the last are of one size; see `contentsOf`.
    const step = member.contents.length > 1 ? MOST_CONTENT_BYTES : 0;
    for (const [index, digest] of member.contents.entries()) {
      const known = targets.get(digest) ?? [];
      known.push({ path: member.path, offset: index * step });
      targets.set(digest, known);
    }
  }
  return targets;
}

interface ReadPack extends PlaceOptions {
  readonly wanted: Map<Digest, number>;
  readonly dir: string;
  readonly targets: Map<Digest, Target[]>;
}

async function readPack(place: CachePlace, pack: Descriptor, context: ReadPack): Promise<void> {
  if (pack.size > MAX_PACK_BYTES) throw invalid(`the pack ${pack.digest} has ${pack.size} bytes`);
  const { wanted, signal, onProgress } = context;
  const tar = bounded(decompress(place.open(pack, { signal, onProgress }), compressionOf(pack)), pack);
  for await (const entry of readTar(tar, { name: `the pack ${pack.digest}` })) {
    const digest = `sha256:${entry.path}` as Digest;
    const size = wanted.get(digest);
    if (size === undefined) continue;
    const content = await contentOf(entry, { digest, size });
    wanted.delete(digest);
    for (const target of context.targets.get(digest) ?? [])
      write(join(context.dir, target.path), content, target.offset);
    context.targets.delete(digest);
  }
}

function compressionOf({ mediaType }: Descriptor): LayerCompression {
  const suffix = mediaType.slice(CACHE_MEDIA_TYPE.pack.length);
  if (suffix === '') return 'none';
  if (suffix === '+gzip' || suffix === '+zstd') return suffix.slice(1) as LayerCompression;
  throw invalid(`a pack has the media type ${mediaType}`);
}

/** Few bytes can unpack to very many. */
async function* bounded(source: AsyncIterable<Buffer>, pack: Descriptor): AsyncGenerator<Buffer> {
  let size = 0;
  for await (const chunk of source) {
    size += chunk.length;
    if (size > MAX_PACK_BYTES) throw invalid(`the pack ${pack.digest} unpacks to more than ${MAX_PACK_BYTES} bytes`);
    yield chunk;
  }
}

async function contentOf(
  entry: TarEntry,
  { digest, size }: { readonly digest: Digest; readonly size: number },
): Promise<Buffer> {
  if (entry.type !== 'file' || entry.size !== size) throw invalid(`the content ${digest} has another size`);
  const chunks: Buffer[] = [];
  const whole = entry.takeBuffered();
  if (!whole) for await (const chunk of entry.body) chunks.push(chunk);
  const bytes = whole ?? Buffer.concat(chunks);
  if (createHash('sha256').update(bytes).digest('hex') !== entry.path)
    throw invalid(`the content ${digest} is another`);
  return bytes;
}

function write(path: string, content: Buffer, offset: number): void {
  const fd = openSync(path, constants.O_WRONLY | constants.O_NOFOLLOW);
  try {
    for (let done = 0; done < content.length; )
      done += writeSync(fd, content, done, content.length - done, offset + done);
  } finally {
    closeSync(fd);
  }
}

function finish(dir: string, member: MountMember): void {
  const path = join(dir, member.path);
  chown(path, member);
  if (member.type !== 'symlink') chmodSync(path, member.mode);
  setMtime(path, member.mtimeNs);
}

/** Owners that this user cannot give stay its own, as those of files that the step itself would make. */
function chown(path: string, { uid, gid }: MountMember): void {
  try {
    lchownSync(path, uid, gid);
  } catch (error) {
    if (!['EPERM', 'EINVAL'].includes(systemErrorCode(error) ?? '')) throw error;
  }
}
