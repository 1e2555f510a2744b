import { basename, dirname, join } from 'node:path';
import type { Command } from 'commander';
import { type BuildRecord, isShownStep } from '../../build/record/build-record.ts';
import { BuildRecords } from '../../build/record/build-records.ts';
import { familiarReference, parseReference } from '../../image/reference.ts';
import type { CommandContext, CommandModule } from '../command.ts';
import { rootFlag } from '../flags/common-flags.ts';
import { formatAge } from '../render/age.ts';
import { formatDuration } from '../render/duration.ts';
import { formatRows, type Row } from '../render/format-rows.ts';
import { storeRoot } from '../store-root.ts';

interface BuildsFlags {
  readonly format?: string;
  readonly quiet?: boolean;
  readonly root?: string;
}

export const command: CommandModule = {
  configure(command: Command) {
    command
      .option('--format <format>', 'table, json, or a template such as {{.ID}}')
      .option('-q, --quiet', 'print only ids');
    rootFlag(command).addHelpText(
      'after',
      '\nExamples:\n  slipway builds\n  slipway explain $(slipway builds -q | sed -n 2p)',
    );
  },

  async run({ env, stdout }: CommandContext, _args, options) {
    const flags = options as unknown as BuildsFlags;
    const records = new BuildRecords(join(storeRoot(env, flags.root), 'builds'));
    const rows = [...records.records()].map(buildRow);
    if (flags.quiet) stdout.write(rows.map(({ ID }) => `${ID}\n`).join(''));
    else stdout.write(formatRows(rows, COLUMNS, flags.format));
    return 0;
  },
};

const COLUMNS = [
  { title: 'BUILD', field: 'ID' },
  { title: 'STARTED', field: 'StartedSince' },
  { title: 'NAME', field: 'Name' },
  { title: 'RESULT', field: 'Result' },
  { title: 'CACHED', field: 'Steps' },
  { title: 'TIME', field: 'Duration' },
];

function buildRow({ id, startedMs, endedMs, options, steps, result, error }: BuildRecord): Row {
  const shown = steps.filter(isShownStep);
  const cached = shown.filter(({ outcome }) => outcome === 'hit').length;
  const names = (result?.names ?? options.tags).map((name) => familiarReference(parseReference(name)));
  const project = basename(options.dockerfile === '-' ? options.context : dirname(options.dockerfile));
  return {
    ID: id,
    StartedSince: `${formatAge(Date.now() - startedMs)} ago`,
    StartedAt: new Date(startedMs).toISOString(),
    Name: `${names[0] ?? project}${options.target === undefined ? '' : ` (${options.target})`}`,
    Names: names,
    Target: options.target ?? '',
    Context: options.context,
    Result: error ? (error.code ?? 'failed') : (result?.imageId?.slice('sha256:'.length, 'sha256:'.length + 12) ?? ''),
    ImageID: result?.imageId ?? '',
    Steps: `${cached}/${shown.length}`,
    Duration: formatDuration(endedMs - startedMs),
    DurationMs: endedMs - startedMs,
  };
}
