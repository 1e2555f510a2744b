import { gzipStream } from '../../image/compression/gzip-stream.ts';
import { digestOf } from '../../image/compression/verify-stream.ts';
import { zstdStream } from '../../image/compression/zstd-stream.ts';
import type { Descriptor } from '../../image/descriptor.ts';
import type { Digest } from '../../image/digest.ts';
import { packTar, type TarMember } from '../../image/tar/pack-tar.ts';
import { CACHE_MEDIA_TYPE } from './cache-artifact.ts';
import type { CacheFormat } from './cache-place-spec.ts';
import type { PackListing } from './mounts-index.ts';

/** Of the contents of one pack: few enough that one can be made in memory, many enough that a registry keeps few blobs. */
const PACK_BYTES = 32 * 1024 * 1024;
const PACK_CONTENTS = 10_000;

/** A content that is to go into a pack. */
export interface Content {
  readonly digest: Digest;
  readonly bytes: Buffer;
}

/** A pack, whole in memory. */
export interface MadePack {
  readonly listing: PackListing;
  readonly descriptor: Descriptor;
  readonly bytes: Buffer;
}

/** Packs of contents in their order, each made when it is asked for. */
export async function* packContents(contents: Iterable<Content>, format: CacheFormat): AsyncGenerator<MadePack> {
  let pending: Content[] = [];
  let size = 0;
  for (const content of contents) {
    if (pending.length === PACK_CONTENTS || (pending.length > 0 && size + content.bytes.length > PACK_BYTES)) {
      yield await makePack(pending, format);
      pending = [];
      size = 0;
    }
    pending.push(content);
    size += content.bytes.length;
  }
  if (pending.length > 0) yield await makePack(pending, format);
}

async function makePack(contents: readonly Content[], format: CacheFormat): Promise<MadePack> {
  const tar = packTar(contents.map(memberOf));
  const chunks: Buffer[] = [];
  for await (const chunk of compressed(tar, format)) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  const descriptor = { mediaType: packMediaType(format), digest: digestOf(bytes), size: bytes.length };
  const listed = contents.map(({ digest, bytes: { length: size } }) => ({ digest, size }));
  return { listing: { digest: descriptor.digest, contents: listed }, descriptor, bytes };
}

/** Named by its digest; everything else about it is the same for everybody, so that equal contents give equal packs. */
function memberOf({ digest, bytes }: Content): TarMember {
  const path = digest.slice('sha256:'.length);
  return {
    header: { path, type: 'file', mode: 0o644, uid: 0, gid: 0, size: bytes.length, mtimeNs: 0n },
    content: bytes,
  };
}

async function* compressed(
  tar: Iterable<Buffer>,
  { compression, compressionLevel: level }: CacheFormat,
): AsyncGenerator<Buffer> {
  if (compression === 'uncompressed') yield* tar;
  else if (compression === 'zstd') yield* zstdStream(eachOf(tar), { level });
  else yield* gzipStream(tar, level === undefined ? {} : { level });
}

async function* eachOf(chunks: Iterable<Buffer>): AsyncGenerator<Buffer> {
  yield* chunks;
}

function packMediaType({ compression }: CacheFormat): string {
  return compression === 'uncompressed' ? CACHE_MEDIA_TYPE.pack : `${CACHE_MEDIA_TYPE.pack}+${compression}`;
}
