import { type Command, Option } from 'commander';
import { mountName } from '../../build/cache/mount-folder.ts';
import type { ImportedMount } from '../../build/exchange/import-store-mounts.ts';
import { stripControl } from '../../diagnostics/redact.ts';
import { RegistryAccess } from '../../distribution/registry-access.ts';
import { useStore } from '../../distribution/store-use.ts';
import { hostPlatform } from '../../image/parse-platform.ts';
import type { CommandContext, CommandModule } from '../command.ts';
import { cacheSource } from '../flags/cache-place-argument.ts';
import { collect, rootFlag } from '../flags/common-flags.ts';
import { oneOfFlag } from '../flags/setting.ts';
import { parseSizeFlag } from '../flags/value-flag.ts';
import { leftOutLine } from '../render/left-out.ts';
import { formatSize } from '../render/size.ts';
import { renderTable } from '../render/table.ts';
import { TransferView } from '../render/transfer-view.ts';
import { storeRoot } from '../store-root.ts';

interface CacheImportFlags {
  readonly mount: readonly string[];
  readonly maxSize?: string;
  readonly format: string;
  readonly root?: string;
}

export const command: CommandModule = {
  configure(command: Command) {
    command
      .argument('<source>', 'a folder (./cache), a reference, or type=…,… as of build --cache-from')
      .option('--mount <id>', 'only this cache mount, go-build or go-modules, or a project (repeatable)', collect, [])
      .option('--max-size <size>', 'bound for all files together; those used longest ago are not fetched')
      .addOption(oneOfFlag(new Option('--format <format>', 'table or json').default('table'), ['table', 'json']));
    rootFlag(command).addHelpText(
      'after',
      "\nA mount that is here stays; Go's caches get the files that they lack.\n\nExamples:\n  slipway cache import ./cache --max-size 2g\n  slipway cache import registry.example/team/app:cache --mount go-build",
    );
  },

  async run({ env, cwd, stdout, stderr, signal }: CommandContext, [argument = ''], options) {
    const flags = options as unknown as CacheImportFlags;
    const source = cacheSource(argument, cwd);
    const maxBytes = flags.maxSize === undefined ? undefined : parseSizeFlag('--max-size', flags.maxSize);
    const { importStoreMounts } = await import('../../build/exchange/import-store-mounts.ts');
    const root = storeRoot(env, flags.root);
    using _use = await useStore(root, signal);
    await using registry = new RegistryAccess(env);
    const view = new TransferView(stderr, { doing: 'Importing', done: 'Fetched', present: 'Already here' });
    try {
      const imported = await importStoreMounts(source, {
        ...{ cwd, signal, storeRoot: root, only: flags.mount, maxBytes, platform: hostPlatform() },
        client: () => registry.client(),
        onProgress: (transfer) => view.transfer(transfer),
      });
      view.finish();
      stdout.write(flags.format === 'json' ? `${JSON.stringify(imported)}\n` : table(imported.mounts));
      if (flags.format === 'table' && imported.leftOut) stderr.write(`\n${leftOutLine(imported.leftOut)}`);
    } finally {
      view.finish();
    }
    return 0;
  },
};

const OUTCOMES: Readonly<Record<ImportedMount['outcome'], string>> = {
  new: 'new',
  added: 'added to what is here',
  kept: 'stays as it is here',
};

function table(mounts: readonly ImportedMount[]): string {
  return renderTable(
    ['MOUNT', 'FILES', 'SIZE', ''],
    mounts.map(({ identity, files, bytes, outcome }) => {
      return [stripControl(mountName(identity)), String(files), formatSize(bytes), OUTCOMES[outcome]];
    }),
  );
}
