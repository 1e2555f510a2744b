import { createInterface } from 'node:readline/promises';
import { type Command, Option } from 'commander';
import { openStore } from '../../distribution/store.ts';
import { prune } from '../../prune/prune.ts';
import type { CommandContext, CommandModule } from '../command.ts';
import { collect, rootFlag } from '../flags/common-flags.ts';
import { usageError } from '../flags/csv-fields.ts';
import { maxSizeSetting } from '../flags/max-size.ts';
import { KIND_NAMES, type PruneFlags, toPruneOptions } from '../flags/prune-flags.ts';
import { isOverCeiling, pruneJson, pruneSummary, pruneTable, shortfall } from '../render/prune-result.ts';
import { storeRoot } from '../store-root.ts';

interface PruneCommandFlags extends PruneFlags {
  readonly dryRun?: boolean;
  readonly force?: boolean;
  readonly format?: string;
  readonly verbose?: boolean;
  readonly root?: string;
}

export const command: CommandModule = {
  configure(command: Command) {
    command
      .optionsGroup('What goes:')
      .option('-a, --all', "also the whole build cache, with cache mounts and Go's caches")
      .option('--kind <kinds>', `only these: ${KIND_NAMES.join(', ')}`, collect, [])
      .option('--keep-since <time>', 'also the build cache not used since: 24h, 7d, 2024-01-31')
      .option('--filter <name=value>', 'until=TIME, id=, name=, kind= (repeatable)', collect, [])
      .optionsGroup('How much goes:')
      .addOption(maxSizeSetting('no more of the cache than brings the store down to this: 10GB'))
      .option('--min-free-space <size>', 'the same, until the disk has this much free')
      .option('--reserved-space <size>', 'never bring the store below this')
      .addOption(new Option('--max-used-space <size>', 'the same as --max-size').hideHelp())
      .addOption(new Option('--keep-storage <size>', 'the same as --max-size').hideHelp())
      .optionsGroup('What is shown:')
      .option('-f, --force', 'do not ask')
      .option('--dry-run', 'only say what would go')
      .option('--verbose', 'a line for each thing that goes')
      .option('--format <format>', 'json: one object');
    rootFlag(command).addHelpText(
      'after',
      '\nImages with a name go only by --all --kind images, or "slipway rmi".\n\nExamples:\n  slipway prune --keep-since 7d -f\n  slipway prune --max-size 20GB --dry-run --verbose',
    );
  },

  async run(context: CommandContext, _args, options) {
    const { env, stdout, stderr, signal } = context;
    const flags = options as unknown as PruneCommandFlags;
    if (flags.format !== undefined && flags.format !== 'json') throw usageError('--format can only be json here.');
    const root = storeRoot(env, flags.root);
    const pruneOptions = toPruneOptions(flags, root, Date.now());
    const dryRun = flags.dryRun ?? false;
    if (!flags.force && !dryRun && !(await isAgreed(context, flags))) return 1;
    const result = await prune(openStore(root), { ...pruneOptions, dryRun, signal });
    if (flags.format === 'json') stdout.write(pruneJson(result));
    else stdout.write(`${flags.verbose ? pruneTable(result, Date.now()) : ''}${pruneSummary(result, { dryRun })}`);
    if (result.users.length > 0) {
      stderr.write(
        `${result.users.length} other slipway command${result.users.length === 1 ? ' is' : 's are'} at work: what they may use stayed.\n`,
      );
    }
    if (!isOverCeiling(result)) return 0;
    stderr.write(shortfall(result));
    return 1;
  },
};

/** Nobody is there to be asked where there is no terminal. */
async function isAgreed({ stdin, stderr, signal }: CommandContext, flags: PruneCommandFlags): Promise<boolean> {
  if (!stdin.isTTY || !stderr.isTerminal) return true;
  stderr.write(`This removes ${whatGoes(flags)}.\n`);
  const lines = createInterface({ input: stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await lines.question('Go on? [y/N] ', { signal })).trim());
  } finally {
    lines.close();
  }
}

function whatGoes({ all, kind, keepSince, filter, maxSize }: PruneCommandFlags): string {
  if (kind.length > 0)
    return `${all ? 'all ' : ''}${kind.join(', ')}${all && kind.join().includes('image') ? ', also images with a name' : ''}`;
  const cache = all
    ? ', the whole build cache'
    : keepSince || filter.length > 0
      ? ', old build cache'
      : maxSize
        ? `, as much of the build cache as brings the store down to ${maxSize}`
        : '';
  return `images without a name${cache} and everything that nothing refers to`;
}
