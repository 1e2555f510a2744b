import { resolve } from 'node:path';
import type { Command } from 'commander';
import { importConfig } from '../../build/import-config.ts';
import { importRootfs } from '../../distribution/import-rootfs.ts';
import { openStore } from '../../distribution/store.ts';
import { useStore } from '../../distribution/store-use.ts';
import { hostPlatform, parsePlatform } from '../../image/parse-platform.ts';
import { formatReference, parseReference, withDefaultTag } from '../../image/reference.ts';
import type { CommandContext, CommandModule } from '../command.ts';
import { collect, rootFlag } from '../flags/common-flags.ts';
import { usageError } from '../flags/csv-fields.ts';
import { TransferView } from '../render/transfer-view.ts';
import { storeRoot } from '../store-root.ts';

interface ImportFlags {
  readonly change: readonly string[];
  readonly message?: string;
  readonly name?: string;
  readonly platform?: string;
  readonly root?: string;
}

export const command: CommandModule = {
  configure(command: Command) {
    command
      .argument('<source>', 'a tar archive (compressed or not) or a folder; "-" is standard input')
      .argument('[name]', 'name of the image: [REGISTRY/]NAME[:TAG]')
      .option('-c, --change <instruction>', 'CMD, ENV, USER and the like, as in a Dockerfile (repeatable)', collect, [])
      .option('-m, --message <text>', 'comment in the history')
      .option('--name <name>', 'name of the image')
      .option('--platform <platform>', "what it runs on (default: this machine's)");
    rootFlag(command).addHelpText(
      'after',
      '\nExamples:\n  slipway import rootfs.tar.xz debian:mine\n  slipway import --change \'CMD ["sh"]\' ./root busybox',
    );
  },

  async run(context: CommandContext, [source = '', positional], options) {
    const { env, cwd, stdin, stdout, stderr, signal } = context;
    const flags = options as unknown as ImportFlags;
    if (source === '-' && stdin.isTTY) throw usageError('An archive cannot be read from the terminal.', 'Name a file.');
    const name = chosenName(flags.name, positional);
    const platform = flags.platform === undefined ? hostPlatform() : parsePlatform(flags.platform);
    const config = await importConfig(flags.change, { platform, signal });
    const store = openStore(storeRoot(env, flags.root));
    using _use = await useStore(store.root, signal);
    const view = new TransferView(stderr, { doing: 'Importing', done: 'Imported', present: 'Imported' });
    const shown = stderr.isTerminal ? view : undefined;
    try {
      const image = await importRootfs(store, source === '-' ? stdin : resolve(cwd, source), {
        config,
        platform,
        message: flags.message ?? `Imported from ${source}`,
        name,
        nowMs: Date.now(),
        signal,
        onBytes: (current) => shown?.transfer({ id: source, current, total: undefined, done: false }),
      });
      view.finish();
      stdout.write(`${image.id}\n`);
    } finally {
      view.finish();
    }
    return 0;
  },
};

function chosenName(flag: string | undefined, positional: string | undefined): string | undefined {
  if (flag !== undefined && positional !== undefined && flag !== positional) {
    throw usageError(`The image has two names: "${flag}" and "${positional}".`, 'Give one of them.');
  }
  const name = flag ?? positional;
  return name === undefined ? undefined : formatReference(withDefaultTag(parseReference(name)));
}
