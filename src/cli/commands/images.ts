import type { Command } from 'commander';
import { imageSize } from '../../distribution/layer-size.ts';
import { openStore, type Store } from '../../distribution/store.ts';
import { formatPlatform } from '../../image/parse-platform.ts';
import { familiarName, familiarReference, parseReference } from '../../image/reference.ts';
import { requireImage } from '../../image/store/resolve-image.ts';
import type { StoredImage, StoredReference } from '../../image/store/stored-image.ts';
import type { CommandContext, CommandModule } from '../command.ts';
import { collect, rootFlag } from '../flags/common-flags.ts';
import { booleanFilter, type Filter, matchesLabel, parseFilters, parseSince } from '../flags/filter-flag.ts';
import { formatAge } from '../render/age.ts';
import { formatRows, type Row } from '../render/format-rows.ts';
import { NONE, nameParts, shortId } from '../render/image-names.ts';
import { formatSize } from '../render/size.ts';
import { storeRoot } from '../store-root.ts';

interface ImagesFlags {
  readonly all?: boolean;
  readonly digests?: boolean;
  readonly filter: readonly string[];
  readonly format?: string;
  readonly quiet?: boolean;
  /** --no-trunc */
  readonly trunc: boolean;
  readonly root?: string;
}

const FILTERS = ['dangling', 'label', 'before', 'since', 'until', 'reference'];

export const command: CommandModule = {
  configure(command: Command) {
    command
      .argument('[name]', 'only images of this REPOSITORY[:TAG]; * and ? stand for anything')
      .option('-a, --all', 'accepted for compatibility: every image is always shown')
      .option('--digests', 'show digests')
      .option('-f, --filter <name=value>', `${FILTERS.join(', ')} (repeatable)`, collect, [])
      .option('--format <format>', 'table, json, or a template such as {{.ID}}')
      .option('-q, --quiet', 'print only ids')
      .option('--no-trunc', 'print whole ids');
    rootFlag(command).addHelpText(
      'after',
      '\nExamples:\n  slipway images --filter dangling=true -q\n  slipway images --format "{{.Repository}}:{{.Tag}} {{.Size}}"',
    );
  },

  async run({ env, stdout }: CommandContext, [name], options) {
    const flags = options as unknown as ImagesFlags;
    const store = openStore(storeRoot(env, flags.root));
    const filters = parseFilters(flags.filter, FILTERS);
    const listed = listImages(store)
      .filter((each) => name === undefined || matchesName(each, name))
      .filter((each) => filters.every((filter) => matches(store, each, filter)));
    const rows: Row[] = [];
    for (const each of listed) rows.push(await imageRow(store, each, flags.trunc));
    if (flags.quiet) stdout.write(rows.map(({ ID }) => `${ID}\n`).join(''));
    else stdout.write(formatRows(rows, flags.digests ? withDigests(COLUMNS) : COLUMNS, flags.format));
    return 0;
  },
};

const COLUMNS = [
  { title: 'REPOSITORY', field: 'Repository' },
  { title: 'TAG', field: 'Tag' },
  { title: 'IMAGE ID', field: 'ID' },
  { title: 'CREATED', field: 'CreatedSince' },
  { title: 'SIZE', field: 'Size' },
  { title: 'PLATFORM', field: 'Platform' },
];

function withDigests(columns: typeof COLUMNS): typeof COLUMNS {
  return [...columns.slice(0, 2), { title: 'DIGEST', field: 'Digest' }, ...columns.slice(2)];
}

/** A line of the list: an image under one of its names, or without any. */
interface ListedImage {
  readonly image: StoredImage;
  readonly reference: StoredReference | undefined;
}

/** Newest first, then by name. */
function listImages(store: Store): ListedImage[] {
  const images = new Map(store.images.list().map((image) => [image.id, image]));
  const named = store.images.references().flatMap((reference) =>
    reference.images.flatMap(({ id }) => {
      const image = images.get(id);
      return image ? [{ image, reference }] : [];
    }),
  );
  const hasName = new Set(named.map(({ image }) => image.id));
  const dangling = [...images.values()].filter(({ id }) => !hasName.has(id));
  const all = [...named, ...dangling.map((image) => ({ image, reference: undefined }))];
  const nameOf = ({ reference }: ListedImage) => reference?.name ?? '';
  return all.sort(
    (a, b) =>
      b.image.createdMs - a.image.createdMs || nameOf(a).localeCompare(nameOf(b)) || (a.image.id < b.image.id ? -1 : 1),
  );
}

async function imageRow(store: Store, { image, reference }: ListedImage, isShort: boolean): Promise<Row> {
  const { repository, tag, digest } = reference ? nameParts(reference) : { repository: NONE, tag: NONE, digest: NONE };
  const { id, createdMs, platform } = image;
  return {
    Repository: repository,
    Tag: tag,
    Digest: digest,
    ID: isShort ? shortId(id) : id,
    CreatedSince: createdMs === 0 ? 'N/A' : `${formatAge(Date.now() - createdMs)} ago`,
    CreatedAt: createdMs === 0 ? 'N/A' : new Date(createdMs).toISOString(),
    Size: formatSize(await imageSize(store, image)),
    Platform: formatPlatform(platform),
  };
}

function matches(store: Store, { image, reference }: ListedImage, filter: Filter): boolean {
  switch (filter.name) {
    case 'dangling':
      return booleanFilter(filter) === (reference === undefined);
    case 'label':
      return matchesLabel(store.images.config(image.id).config.Labels ?? {}, filter);
    case 'before':
      return image.createdMs < requireImage(store.images, filter.value).image.createdMs;
    case 'since':
      return image.createdMs > requireImage(store.images, filter.value).image.createdMs;
    case 'until':
      return image.createdMs < parseSince('--filter until', filter.value, Date.now());
    default:
      return matchesName({ image, reference }, filter.value);
  }
}

/** As docker: the whole pattern against the repository, with and without the tag, as people write it. */
function matchesName({ reference }: ListedImage, pattern: string): boolean {
  if (!reference) return false;
  const parsed = parseReference(reference.name);
  const glob = globPattern(pattern);
  return [familiarName(parsed), familiarReference(parsed), reference.name].some((name) => glob.test(name));
}

function globPattern(pattern: string): RegExp {
  const source = pattern
    .replace(/\*+/g, '*')
    .replace(/[\\^$.+()|{}[\]]/g, '\\$&')
    .replaceAll('*', '[^/]*')
    .replaceAll('?', '[^/]');
  return new RegExp(`^${source}$`);
}
