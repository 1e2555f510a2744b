import type { Command } from 'commander';
import { openStore } from '../../distribution/store.ts';
import { type ItemUsage, type StoreUsage, storeUsage } from '../../prune/store-usage.ts';
import type { CommandContext, CommandModule } from '../command.ts';
import { collect, rootFlag } from '../flags/common-flags.ts';
import { booleanFilter, type Filter, parseFilters, parseSince } from '../flags/filter-flag.ts';
import { itemFilter, kindName, parseKinds } from '../flags/prune-flags.ts';
import { formatAge } from '../render/age.ts';
import { formatDuration } from '../render/duration.ts';
import { formatRows, type Row } from '../render/format-rows.ts';
import { shortItemId } from '../render/prune-result.ts';
import { formatSize } from '../render/size.ts';
import { storeRoot } from '../store-root.ts';

interface DuFlags {
  readonly filter: readonly string[];
  readonly format?: string;
  readonly verbose?: boolean;
  readonly root?: string;
}

const FILTERS = ['kind', 'type', 'id', 'name', 'until', 'reclaimable', 'inuse'];

export const command: CommandModule = {
  configure(command: Command) {
    command
      .option('--verbose', 'a line for each thing, the longest unused first')
      .option('-f, --filter <name=value>', `${FILTERS.join(', ')} (repeatable)`, collect, [])
      .option('--format <format>', 'table, json, or a template such as {{.Type}} {{.Size}}');
    rootFlag(command).addHelpText(
      'after',
      '\nWhat an image and the build cache share counts for the image.\n\nExamples:\n  slipway du\n  slipway du --verbose --filter kind=records --filter until=7d',
    );
  },

  async run({ env, stdout }: CommandContext, _args, options) {
    const flags = options as unknown as DuFlags;
    const filters = parseFilters(flags.filter, FILTERS);
    const usage = await storeUsage(openStore(storeRoot(env, flags.root)), matcher(filters, Date.now()));
    const [rows, columns] = flags.verbose
      ? [itemRows(usage, Date.now()), ITEM_COLUMNS]
      : [kindRows(usage, Date.now()), COLUMNS];
    stdout.write(formatRows(rows, columns, flags.format));
    if (flags.format === undefined && filters.length === 0) stdout.write(total(usage));
    return 0;
  },
};

function matcher(filters: readonly Filter[], nowMs: number): (item: ItemUsage) => boolean {
  const kinds = parseKinds(
    '--filter kind',
    filters.filter(({ name }) => name === 'kind' || name === 'type').map(({ value }) => value),
  );
  const named = itemFilter(filters);
  const rest = filters.filter(({ name }) => ['until', 'reclaimable', 'inuse'].includes(name));
  const tests = rest.map((filter) => matchesState(filter, nowMs));
  return (item) => (kinds?.includes(item.kind) ?? true) && (named?.(item) ?? true) && tests.every((test) => test(item));
}

function matchesState(filter: Filter, nowMs: number): (item: ItemUsage) => boolean {
  if (filter.name === 'until') {
    const beforeMs = parseSince('--filter until', filter.value, nowMs);
    return ({ usedMs }) => usedMs < beforeMs;
  }
  const wanted = booleanFilter(filter);
  return ({ isReclaimable, usedBy }) => (filter.name === 'inuse' ? usedBy !== undefined : isReclaimable) === wanted;
}

const COLUMNS = [
  { title: 'TYPE', field: 'Type' },
  { title: 'TOTAL', field: 'TotalCount' },
  { title: 'ACTIVE', field: 'Active' },
  { title: 'SIZE', field: 'Size' },
  { title: 'RECLAIMABLE', field: 'Reclaimable' },
  { title: 'OLDEST USE', field: 'OldestUse' },
];

function kindRows({ kinds }: StoreUsage, nowMs: number): Row[] {
  return kinds.map(({ kind, count, active, bytes, reclaimableBytes, oldestUseMs }) => ({
    Type: kindName(kind),
    TotalCount: count,
    Active: active,
    Size: formatSize(bytes),
    Reclaimable: `${formatSize(reclaimableBytes)}${bytes === 0 ? '' : ` (${Math.floor((100 * reclaimableBytes) / bytes)}%)`}`,
    OldestUse: oldestUseMs === undefined ? '' : `${formatAge(Math.max(0, nowMs - oldestUseMs))} ago`,
    SizeBytes: bytes,
    ReclaimableBytes: reclaimableBytes,
    OldestUseAt: oldestUseMs === undefined ? '' : new Date(oldestUseMs).toISOString(),
  }));
}

const ITEM_COLUMNS = [
  { title: 'TYPE', field: 'Type' },
  { title: 'ID', field: 'ShortID' },
  { title: 'RECLAIMABLE', field: 'Reclaimable' },
  { title: 'SIZE', field: 'Size' },
  { title: 'LAST USED', field: 'LastUsed' },
  { title: 'TOOK', field: 'Duration' },
  { title: 'NAME', field: 'Name' },
];

function itemRows({ items }: StoreUsage, nowMs: number): Row[] {
  return items.map(({ kind, id, name, bytes, isReclaimable, usedBy, usedMs, remakeMs }) => ({
    Type: kindName(kind),
    ID: id,
    ShortID: shortItemId(id),
    Name: name === id ? '' : name,
    Reclaimable: isReclaimable,
    InUse: usedBy !== undefined,
    UsedBy: usedBy ?? '',
    Size: formatSize(bytes),
    SizeBytes: bytes,
    LastUsed: usedMs === 0 ? '' : `${formatAge(Math.max(0, nowMs - usedMs))} ago`,
    LastUsedAt: new Date(usedMs).toISOString(),
    Duration: remakeMs === undefined ? '' : formatDuration(remakeMs),
    DurationMs: remakeMs ?? '',
  }));
}

function total({ kinds, otherBytes, totalBytes }: StoreUsage): string {
  const reclaimable = kinds.reduce((sum, { reclaimableBytes }) => sum + reclaimableBytes, 0);
  return `Reclaimable: ${formatSize(reclaimable)}\nTotal:       ${formatSize(totalBytes)} (${formatSize(otherBytes)} of it indexes and locks)\n`;
}
