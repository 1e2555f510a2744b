import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { gzipSync } from 'node:zlib';
import { writeImageArchive } from '../image/archive/write-image-archive.ts';
import { digestOf } from '../image/compression/verify-stream.ts';
import type { ContainerConfig } from '../image/image-config.ts';
import { MEDIA_TYPE } from '../image/media-type.ts';
import { packTar, type TarMember } from '../image/tar/pack-tar.ts';
import type { TarHeader } from '../image/tar/tar-header.ts';

/** An image made by hand, with layers that no builder would write. */
export interface ArchiveFixture {
  readonly layers: readonly (readonly TarMember[])[];
  readonly config?: ContainerConfig;
  readonly architecture?: string;
  readonly format?: 'oci' | 'docker';
  readonly gzip?: boolean;
}

export function tarFile(path: string, content: string | Buffer = '', header: Partial<TarHeader> = {}): TarMember {
  const bytes = Buffer.from(content);
  const own = { path, type: 'file', mode: 0o644, uid: 0, gid: 0, mtimeNs: 0n, size: bytes.length } as const;
  return { header: { ...own, ...header }, content: bytes };
}

/** Writes the archive to a path. */
export async function writeArchive(path: string, fixture: ArchiveFixture): Promise<void> {
  const { config = {}, architecture = 'amd64', format = 'oci', gzip = false } = fixture;
  const tars = fixture.layers.map((members) => Buffer.concat([...packTar(members)]));
  const blobs = tars.map((tar) => (gzip ? gzipSync(tar) : tar));
  const rootfs = { type: 'layers', diff_ids: tars.map((tar) => digestOf(tar)) };
  const configBytes = Buffer.from(JSON.stringify({ architecture, os: 'linux', config, rootfs }));
  const layers = blobs.map((bytes) => {
    const mediaType = gzip ? MEDIA_TYPE.ociLayerGzip : MEDIA_TYPE.ociLayer;
    const descriptor = { mediaType, digest: digestOf(bytes), size: bytes.length };
    return { descriptor, open: () => Readable.from([bytes]) };
  });
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: MEDIA_TYPE.ociManifest,
      config: { mediaType: MEDIA_TYPE.ociConfig, digest: digestOf(configBytes), size: configBytes.length },
      layers: layers.map(({ descriptor }) => descriptor),
    }),
  );
  const image = { config: configBytes, manifest, layers, names: [], platform: { os: 'linux', architecture } };
  await pipeline(writeImageArchive([image], { format }), createWriteStream(path));
}
