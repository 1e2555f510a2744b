import { resolve } from 'node:path';
import type { Command } from 'commander';
import { loadImages } from '../../distribution/load-images.ts';
import { openStore } from '../../distribution/store.ts';
import { useStore } from '../../distribution/store-use.ts';
import { parsePlatform } from '../../image/parse-platform.ts';
import type { CommandContext, CommandModule } from '../command.ts';
import { rootFlag } from '../flags/common-flags.ts';
import { usageError } from '../flags/csv-fields.ts';
import { familiar } from '../render/image-names.ts';
import { storeRoot } from '../store-root.ts';

interface LoadFlags {
  readonly input?: string;
  readonly platform?: string;
  readonly quiet?: boolean;
  readonly root?: string;
}

export const command: CommandModule = {
  configure(command: Command) {
    command
      .option('-i, --input <path>', 'archive or OCI image layout (default: standard input)')
      .option('--platform <platform>', 'only the image for this platform')
      .option('-q, --quiet', 'accepted for compatibility: only results are printed');
    rootFlag(command).addHelpText(
      'after',
      '\nTakes what docker save, podman save, buildx, skopeo and "slipway save" write, compressed or not.\n\nExamples:\n  slipway load -i hello.tar\n  docker save hello | slipway load',
    );
  },

  async run({ env, cwd, stdin, stdout, signal }: CommandContext, _args, options) {
    const flags = options as LoadFlags;
    const isStdin = flags.input === undefined || flags.input === '-';
    if (isStdin && stdin.isTTY)
      throw usageError('An archive cannot be read from the terminal.', 'Name it with -i FILE.');
    const store = openStore(storeRoot(env, flags.root));
    using _use = await useStore(store.root, signal);
    const loaded = await loadImages(store, isStdin ? stdin : resolve(cwd, flags.input ?? ''), {
      name: isStdin ? 'the archive on standard input' : (flags.input ?? ''),
      signal,
      ...(flags.platform === undefined ? {} : { platform: parsePlatform(flags.platform) }),
    });
    for (const { image, names } of loaded) {
      for (const name of names) stdout.write(`Loaded image: ${familiar(name)}\n`);
      if (names.length === 0) stdout.write(`Loaded image ID: ${image.id}\n`);
    }
    return 0;
  },
};
