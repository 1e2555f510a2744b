import type { BaseImage } from '../image/base-image.ts';
import { describeFile, type RunDetails } from '../image/describe-file.ts';
import { type FileTree, treeOfLayers } from '../image/file-tree.ts';
import type { ReadImage } from '../image/read-image.ts';
import type { TarMember } from '../image/read-tar.ts';
import { configDifference } from './config-difference.ts';
import type { BuiltOutcome, HistoryLine } from './outcome.ts';

/** What an image is beyond the base it starts with. */
export function describeImage(
  image: ReadImage,
  bases: readonly BaseImage[],
  run: RunDetails,
): Omit<BuiltOutcome, 'warnings'> {
  const base = bases.find(({ image: { diffIds } }) =>
    diffIds.every((diffId, index) => image.diffIds[index] === diffId),
  );
  const own = image.diffIds.slice(base?.image.diffIds.length ?? 0).map((_, index) => index);
  const layers = own.map((index) => image.layer(index + (base?.image.diffIds.length ?? 0)));
  const below = base?.tree ?? new Map();
  return {
    built: true,
    config: JSON.parse(run.restore(JSON.stringify(configDifference(image.config, base?.image.config)))),
    history: historyLines(image, base).map((line) => ({ ...line, createdBy: run.restore(line.createdBy) })),
    tree: treeDifference(treeOfLayers(layers, below), below, run),
    layers: layers.map((layer) => layer.map((member) => layerLine(member, below, run)).sort()),
  };
}

/** Files without an image: the whole tree, as there is no base. */
export function describeFiles(members: readonly TarMember[], run: RunDetails): Omit<BuiltOutcome, 'warnings'> {
  const below = new Map();
  const own = members.filter(({ path }) => path !== '');
  return {
    built: true,
    config: {},
    history: [],
    layers: [],
    tree: treeDifference(treeOfLayers([own], below), below, run),
  };
}

interface RawHistory {
  readonly created_by?: string;
  readonly empty_layer?: boolean;
  readonly comment?: string;
  readonly author?: string;
}

function historyLines({ config }: ReadImage, base: BaseImage | undefined): HistoryLine[] {
  const inherited = ((base?.image.config.history as RawHistory[] | undefined) ?? []).length;
  return ((config.history as RawHistory[] | undefined) ?? []).slice(inherited).map((entry) => ({
    createdBy: entry.created_by ?? '',
    ...(entry.empty_layer ? { empty: true as const } : {}),
    ...(entry.comment === 'buildkit.dockerfile.v0' ? {} : { comment: entry.comment ?? '' }),
    ...(entry.author === undefined ? {} : { author: entry.author }),
  }));
}

function layerLine(member: TarMember, below: FileTree, run: RunDetails): string {
  return describeFile(member.path, member, { base: below.get(member.path)?.member, ...run });
}

function treeDifference(tree: FileTree, below: FileTree, run: RunDetails): string[] {
  const names = new Map<object, string[]>();
  for (const [path, { identity }] of tree) names.set(identity, [...(names.get(identity) ?? []), path].sort());
  const gone = [...below.keys()].filter((path) => !tree.has(path));
  const lines = [...tree].flatMap(([path, file]) => {
    const base = below.get(path);
    if (base?.identity === file.identity) return [];
    const others = (names.get(file.identity) ?? []).filter((name) => name !== path);
    return [describeFile(path, file.member, { base: base?.member, names: others, ...run })];
  });
  return [...lines, ...topmost(gone).map((path) => `- /${path}`)].sort(byPath);
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** Of what is gone, only the highest directories. */
function topmost(paths: readonly string[]): string[] {
  const all = new Set(paths);
  return paths.filter((path) => !all.has(parentOf(path)));
}

function byPath(a: string, b: string): number {
  const [left = '', right = ''] = [a, b].map((line) => line.slice(line.indexOf('/')));
  return left < right ? -1 : left > right ? 1 : 0;
}
