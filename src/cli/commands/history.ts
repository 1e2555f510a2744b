import type { Command } from 'commander';
import { stripControl } from '../../diagnostics/redact.ts';
import { layerSizes } from '../../distribution/layer-size.ts';
import { openStore, type Store } from '../../distribution/store.ts';
import type { HistoryEntry } from '../../image/image-config.ts';
import { parsePlatform } from '../../image/parse-platform.ts';
import { requireImage } from '../../image/store/resolve-image.ts';
import type { StoredImage } from '../../image/store/stored-image.ts';
import type { CommandContext, CommandModule } from '../command.ts';
import { rootFlag } from '../flags/common-flags.ts';
import { formatAge } from '../render/age.ts';
import { formatRows, type Row } from '../render/format-rows.ts';
import { shortId } from '../render/image-names.ts';
import { formatSize } from '../render/size.ts';
import { storeRoot } from '../store-root.ts';

interface HistoryFlags {
  readonly format?: string;
  readonly human: string | boolean;
  readonly platform?: string;
  readonly quiet?: boolean;
  readonly trunc: boolean;
  readonly root?: string;
}

/** What docker cuts the commands of steps to. */
const CREATED_BY_WIDTH = 45;
/** Layers are not images of their own. */
const MISSING = '<missing>';

export const command: CommandModule = {
  configure(command: Command) {
    command
      .argument('<image>', 'name or id')
      .option('--format <format>', 'table, json, or a template such as {{.CreatedBy}}')
      .option('-H, --human [boolean]', 'sizes and times for people (default: true)', true)
      .option('--platform <platform>', 'which one, where the name stands for several platforms')
      .option('-q, --quiet', 'print only ids')
      .option('--no-trunc', 'print whole commands and ids');
    rootFlag(command).addHelpText(
      'after',
      '\nExamples:\n  slipway history hello\n  slipway history --no-trunc --format json hello',
    );
  },

  async run({ env, stdout }: CommandContext, [name = ''], options) {
    const flags = options as unknown as HistoryFlags;
    const store = openStore(storeRoot(env, flags.root));
    const platform = flags.platform === undefined ? undefined : parsePlatform(flags.platform);
    const rows = await historyRows(store, requireImage(store.images, name, platform).image, flags);
    if (flags.quiet) stdout.write(rows.map(({ ID }) => `${ID}\n`).join(''));
    else stdout.write(formatRows(rows, COLUMNS, flags.format));
    return 0;
  },
};

const COLUMNS = [
  { title: 'IMAGE', field: 'ID' },
  { title: 'CREATED', field: 'CreatedSince' },
  { title: 'CREATED BY', field: 'CreatedBy' },
  { title: 'SIZE', field: 'Size' },
  { title: 'COMMENT', field: 'Comment' },
];

/** Newest first. Entries and layers run in step, but for those that made none. */
async function historyRows(store: Store, image: StoredImage, flags: HistoryFlags): Promise<Row[]> {
  const sizes = (await layerSizes(store, image)).values();
  const history = store.images.config(image.id).history ?? image.layers.map(() => ({}));
  const rows = history.map((entry: HistoryEntry) =>
    historyRow(entry, { flags, size: entry.empty_layer ? 0 : (sizes.next().value ?? 0) }),
  );
  return rows.reverse().map((row, index) => ({ ID: index === 0 ? idOf(image, flags) : MISSING, ...row }));
}

function idOf({ id }: StoredImage, { trunc }: HistoryFlags): string {
  return trunc ? shortId(id) : id;
}

function historyRow(
  { created, created_by = '', comment = '' }: HistoryEntry,
  { flags, size }: { readonly flags: HistoryFlags; readonly size: number },
): Row {
  const isForPeople = String(flags.human) !== 'false';
  const createdMs = Date.parse(created ?? '');
  const createdAt = Number.isNaN(createdMs) ? 'N/A' : new Date(createdMs).toISOString().replace(/\.\d+Z$/, 'Z');
  const since = Number.isNaN(createdMs) ? 'N/A' : `${formatAge(Date.now() - createdMs)} ago`;
  const text = stripControl(created_by).replaceAll('\t', ' ').replaceAll('\n', ' ');
  return {
    CreatedAt: createdAt,
    CreatedSince: isForPeople ? since : createdAt,
    CreatedBy: flags.trunc && text.length > CREATED_BY_WIDTH ? `${text.slice(0, CREATED_BY_WIDTH - 1)}…` : text,
    Size: isForPeople ? formatSize(size) : String(size),
    Comment: stripControl(comment),
  };
}
