import { resolve } from 'node:path';
import type { FileEntry, FileTree } from '../../context/file-tree.ts';
import { KnownError } from '../../diagnostics/known-error.ts';
import { explainWriteError, writeOutput } from '../../distribution/write-output.ts';
import { packTar, type TarMember } from '../../image/tar/pack-tar.ts';
import { openLayeredView } from '../../rootfs/layered-view.ts';
import type { BuiltImage } from './built-image.ts';
import type { ExportEnvironment, Exporter, ExportOutcome, ExportRequest } from './exporter.ts';
import { exportedTime, walkFiles } from './walk-files.ts';
import { writeFiles } from './write-files.ts';

/** The files of the root filesystem into a folder, as the user's own. */
export const localExporter: Exporter = {
  async export({ image, spec }: ExportRequest, { cwd, signal, progress }: ExportEnvironment): Promise<ExportOutcome> {
    if (spec.dest === undefined || spec.dest === '-') throw noDestination('-o type=local', 'dest=FOLDER');
    const folder = resolve(cwd, spec.dest);
    const id = `copying files to ${spec.dest}`;
    const onFiles = (current: number) => progress({ id, current, total: undefined, done: false });
    try {
      await writeFiles(rootOf(image), folder, { epochSeconds: image.epochSeconds, signal, onFiles });
    } catch (error) {
      throw explainWriteError(error, folder);
    }
    progress({ id, current: 0, total: undefined, done: true });
    return {};
  },
};

/** The same files as a tar archive, with the image's owners. */
export const tarExporter: Exporter = {
  async export({ image, spec }: ExportRequest, { cwd, stdout, signal }: ExportEnvironment): Promise<ExportOutcome> {
    if (spec.dest === undefined) throw noDestination('-o type=tar', 'dest=FILE or dest=-');
    const destination = spec.dest === '-' ? stdout : resolve(cwd, spec.dest);
    const members = tarMembers(rootOf(image), image.epochSeconds);
    await writeOutput(destination, asAsync(packTar(members)), { signal, flag: '-o type=tar' });
    return {};
  },
};

function rootOf({ root }: BuiltImage): FileTree {
  return openLayeredView(root, 'the root filesystem');
}

function* tarMembers(tree: FileTree, epochSeconds: number | undefined): Generator<TarMember> {
  const firstNames = new Map<string, string>();
  for (const entry of walkFiles(tree)) {
    const first = entry.hardLink === undefined ? undefined : firstNames.get(entry.hardLink);
    if (entry.hardLink !== undefined && first === undefined) firstNames.set(entry.hardLink, entry.path);
    yield tarMember(entry, { tree, epochSeconds, first });
  }
}

interface MemberOptions {
  readonly tree: FileTree;
  readonly epochSeconds: number | undefined;
  /** The path of the file that this is another name of. */
  readonly first: string | undefined;
}

function tarMember(entry: FileEntry, { tree, epochSeconds, first }: MemberOptions): TarMember {
  const { path, type, mode, uid, gid, size, linkTarget, rdev, hostPath } = entry;
  if (type === 'socket') throw new Error(`the socket ${path} has no place in an archive`);
  const xattrs = first === undefined ? tree.xattrs(entry) : new Map<string, Buffer>();
  const common = { path, mode, uid, gid, mtimeNs: wholeSeconds(exportedTime(entry, epochSeconds)) };
  if (first !== undefined) return { header: { ...common, type: 'link', size: 0, linkTarget: first } };
  return {
    header: {
      ...common,
      type,
      size,
      ...(linkTarget !== undefined && { linkTarget }),
      ...(rdev && { rdev }),
      ...(xattrs.size > 0 && { xattrs }),
    },
    content: { hostPath },
  };
}

const NS_PER_S = 1_000_000_000n;

/** BuildKit's archive has no fractions of seconds. */
function wholeSeconds(ns: bigint): bigint {
  return ns - (((ns % NS_PER_S) + NS_PER_S) % NS_PER_S);
}

async function* asAsync(chunks: Iterable<Buffer>): AsyncGenerator<Buffer> {
  yield* chunks;
}

function noDestination(flag: string, wanted: string): KnownError {
  return new KnownError('USAGE', `${flag} does not say where to.`, { hint: `Add ${wanted}.`, exitCode: 2 });
}
