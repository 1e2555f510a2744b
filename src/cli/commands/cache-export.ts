import { type Command, Option } from 'commander';
import { mountName } from '../../build/cache/mount-folder.ts';
import type { ExportedMounts } from '../../build/exchange/export-mounts.ts';
import { stripControl } from '../../diagnostics/redact.ts';
import { RegistryAccess } from '../../distribution/registry-access.ts';
import { useStore } from '../../distribution/store-use.ts';
import { hostPlatform } from '../../image/parse-platform.ts';
import type { CommandContext, CommandModule } from '../command.ts';
import { cacheDestination } from '../flags/cache-place-argument.ts';
import { collect, rootFlag } from '../flags/common-flags.ts';
import { oneOfFlag } from '../flags/setting.ts';
import { parseSizeFlag } from '../flags/value-flag.ts';
import { leftOutLine } from '../render/left-out.ts';
import { formatSize } from '../render/size.ts';
import { renderTable } from '../render/table.ts';
import { TransferView } from '../render/transfer-view.ts';
import { storeRoot } from '../store-root.ts';

interface CacheExportFlags {
  readonly mount: readonly string[];
  readonly maxSize?: string;
  readonly format: string;
  readonly root?: string;
}

export const command: CommandModule = {
  configure(command: Command) {
    command
      .argument('<destination>', 'a folder (./cache), a reference, or type=…,… as of build --cache-to')
      .option('--mount <id>', 'only this cache mount, go-build or go-modules, or a project (repeatable)', collect, [])
      .option('--max-size <size>', 'bound for all files together; those used longest ago stay here')
      .addOption(oneOfFlag(new Option('--format <format>', 'table or json').default('table'), ['table', 'json']));
    rootFlag(command).addHelpText(
      'after',
      '\nWhat the destination has already is not sent again.\n\nExamples:\n  slipway cache export ./cache --max-size 2g\n  slipway cache export registry.example/team/app:cache --mount go-build',
    );
  },

  async run({ env, cwd, stdout, stderr, signal }: CommandContext, [argument = ''], options) {
    const flags = options as unknown as CacheExportFlags;
    const destination = cacheDestination(argument, cwd);
    const maxMountBytes = flags.maxSize === undefined ? undefined : parseSizeFlag('--max-size', flags.maxSize);
    const { exportStoreMounts } = await import('../../build/exchange/export-store-mounts.ts');
    const root = storeRoot(env, flags.root);
    using _use = await useStore(root, signal);
    await using registry = new RegistryAccess(env);
    const view = new TransferView(stderr, { doing: 'Exporting', done: 'Sent', present: 'Already there' });
    try {
      const exported = await exportStoreMounts(
        { ...destination, ...(maxMountBytes === undefined ? {} : { maxMountBytes }) },
        {
          ...{ cwd, signal, storeRoot: root, only: flags.mount, platform: hostPlatform() },
          client: () => registry.client(),
          onProgress: (transfer) => view.transfer(transfer),
        },
      );
      view.finish();
      stdout.write(flags.format === 'json' ? `${JSON.stringify(summary(exported))}\n` : table(exported));
      if (flags.format === 'table') stderr.write(total(exported));
    } finally {
      view.finish();
    }
    return 0;
  },
};

function table({ mounts }: ExportedMounts): string {
  return renderTable(
    ['MOUNT', 'FILES', 'SIZE', ''],
    mounts.map(({ identity, files, bytes, isKept }) => {
      return [stripControl(mountName(identity)), String(files), formatSize(bytes), isKept ? 'as it was there' : ''];
    }),
  );
}

function total({ sent, present, leftOut }: ExportedMounts): string {
  const there = present.packs > 0 ? `; ${formatSize(present.bytes)} in ${count(present.packs)} were there` : '';
  const left = leftOut ? leftOutLine(leftOut) : '';
  return `\nsent ${formatSize(sent.bytes)} in ${count(sent.packs)}${there}\n${left}`;
}

function count(packs: number): string {
  return packs === 1 ? '1 pack' : `${packs} packs`;
}

function summary({ mounts, sent, present, leftOut }: ExportedMounts): object {
  return { mounts, sent, present, ...(leftOut ? { leftOut } : {}) };
}
