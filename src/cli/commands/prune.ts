import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import { openStore } from '../../distribution/store.ts';
import { type PrunedItem, type PruneResult, prune } from '../../prune/prune.ts';
import type { CommandContext, CommandModule } from '../command.ts';
import { collect, rootFlag } from '../flags/common-flags.ts';
import { usageError } from '../flags/csv-fields.ts';
import { parseFilters, parseSince } from '../flags/filter-flag.ts';
import { formatSize } from '../render/size.ts';
import { storeRoot } from '../store-root.ts';

interface PruneFlags {
  readonly all?: boolean;
  readonly filter: readonly string[];
  readonly force?: boolean;
  readonly format?: string;
  readonly keepSince?: string;
  readonly root?: string;
}

export const command: CommandModule = {
  configure(command: Command) {
    command
      .option('-a, --all', "also the whole build cache, with cache mounts and Go's build caches")
      .option('--keep-since <time>', 'also the build cache from before: 24h, 7d, 2024-01-31')
      .option('--filter <name=value>', 'until=TIME, the same as --keep-since', collect, [])
      .option('-f, --force', 'do not ask')
      .option('--format <format>', 'json: one object');
    rootFlag(command).addHelpText(
      'after',
      '\nImages with a name stay; "slipway rmi" removes those.\n\nExamples:\n  slipway prune\n  slipway prune --keep-since 7d -f',
    );
  },

  async run(context: CommandContext, _args, options) {
    const { env, stdout, stderr, signal } = context;
    const flags = options as unknown as PruneFlags;
    if (flags.format !== undefined && flags.format !== 'json') throw usageError(`--format can only be json here.`);
    const keepSinceMs = keepSince(flags);
    if (!flags.force && !(await isAgreed(context, flags))) return 1;
    const store = openStore(storeRoot(env, flags.root));
    const result = await prune(store, { all: flags.all ?? false, keepSinceMs, signal });
    stdout.write(flags.format === 'json' ? `${JSON.stringify(result)}\n` : summary(result));
    if (result.users.length > 0) {
      stderr.write(
        `${result.users.length} other slipway command${result.users.length === 1 ? ' is' : 's are'} at work: only what was left over before was removed.\n`,
      );
    }
    return 0;
  },
};

function keepSince({ filter, keepSince: flag }: PruneFlags): number | undefined {
  const [until] = parseFilters(filter, ['until']).map(({ value }) => parseSince('--filter until', value, Date.now()));
  return flag === undefined ? until : parseSince('--keep-since', flag, Date.now());
}

/** Nobody is there to be asked where there is no terminal. */
async function isAgreed({ stdin, stderr, signal }: CommandContext, flags: PruneFlags): Promise<boolean> {
  if (!stdin.isTTY || !stderr.isTerminal) return true;
  const cache = flags.all
    ? ', the whole build cache'
    : flags.keepSince || flags.filter.length > 0
      ? ', old build cache'
      : '';
  stderr.write(`This removes images without a name${cache} and everything that nothing refers to.\n`);
  const lines = createInterface({ input: stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await lines.question('Go on? [y/N] ', { signal })).trim());
  } finally {
    lines.close();
  }
}

const NOUNS: Readonly<Record<PrunedItem['kind'], readonly [one: string, many: string]>> = {
  image: ['image', 'images'],
  step: ['step', 'steps'],
  snapshot: ['snapshot', 'snapshots'],
  blob: ['blob', 'blobs'],
  folder: ['folder', 'folders'],
};

/** A line a reason, and docker's last line. */
function summary({ items, bytes }: PruneResult): string {
  const groups = new Map<string, PrunedItem[]>();
  for (const item of items) {
    const key = `${item.kind} ${item.why}`;
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  const lines = [...groups.values()].map((group) => {
    const [first] = group;
    const [one, many] = NOUNS[first?.kind ?? 'blob'];
    const freed = group.reduce((sum, item) => sum + item.bytes, 0);
    const size = freed === 0 ? '' : `  ${formatSize(freed)}`;
    return `removed ${group.length} ${group.length === 1 ? one : many} ${first?.why}${size}\n`;
  });
  return `${lines.join('')}Total reclaimed space: ${formatSize(bytes)}\n`;
}
