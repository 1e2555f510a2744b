import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { ReadImage } from './read-image.ts';
import { readTar, type TarMember } from './read-tar.ts';

/** The files that `type=tar` or `type=local` wrote. Owners of a folder are those of whoever wrote it. */
export function readFiles(dest: string, kind: 'tar' | 'local'): TarMember[] {
  if (kind === 'tar') return readTar(readFileSync(dest));
  const flags = ['--format=pax', '--numeric-owner', '--owner=0', '--group=0', '--xattrs'];
  return readTar(execFileSync('tar', ['-C', dest, ...flags, '-cf', '-', '.'], { maxBuffer: 256 * 1024 * 1024 }));
}

/** The image that `docker load` would find in an archive: by manifest.json alone. */
export function readDockerArchive(path: string): ReadImage {
  const members = membersOf(path);
  const member = (name: string): Buffer => {
    const bytes = members.get(name);
    if (!bytes) throw new Error(`${path} has no ${name}`);
    return bytes;
  };
  const [manifest] = JSON.parse(member('manifest.json').toString());
  const config = JSON.parse(member(manifest.Config).toString()) as ReadImage['config'];
  const diffIds = config.rootfs.diff_ids ?? [];
  return {
    config,
    diffIds,
    layer: (index) => {
      const stored = member(manifest.Layers[index]);
      const bytes = stored[0] === 0x1f && stored[1] === 0x8b ? gunzipSync(stored) : stored;
      const diffId = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
      if (diffId !== diffIds[index]) throw new Error(`layer ${index} has the diff id ${diffId}`);
      return readTar(bytes);
    },
  };
}

/** Contents of an archive by name; links count as what they lead to. */
export function membersOf(path: string): ReadonlyMap<string, Buffer> {
  return new Map(readTar(readFileSync(path)).map((member) => [member.path, member.content]));
}
