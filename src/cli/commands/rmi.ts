import type { Command } from 'commander';
import { KnownError } from '../../diagnostics/known-error.ts';
import { openStore } from '../../distribution/store.ts';
import { removeImage } from '../../prune/remove-image.ts';
import type { CommandContext, CommandModule } from '../command.ts';
import { rootFlag } from '../flags/common-flags.ts';
import { renderError } from '../render/error.ts';
import { storeRoot } from '../store-root.ts';

interface RmiFlags {
  readonly force?: boolean;
  readonly root?: string;
}

export const command: CommandModule = {
  configure(command: Command) {
    command
      .argument('<image...>', 'names or ids')
      .option('-f, --force', 'remove an image that has several names by its id; miss no image');
    rootFlag(command).addHelpText('after', '\nExamples:\n  slipway rmi hello:old\n  slipway rmi -f 4be1c0a7d2f3');
  },

  /** What can be removed is, also when something else cannot, as docker does it. */
  async run({ env, stdout, stderr }: CommandContext, names, options) {
    const flags = options as RmiFlags;
    const store = openStore(storeRoot(env, flags.root));
    let exitCode = 0;
    for (const name of names) {
      try {
        const { untagged, deleted } = await removeImage(store, name, { force: flags.force ?? false });
        stdout.write(
          [...untagged.map((tag) => `Untagged: ${tag}\n`), ...deleted.map((id) => `Deleted: ${id}\n`)].join(''),
        );
      } catch (error) {
        if (!(error instanceof KnownError)) throw error;
        stderr.write(renderError(error, stderr));
        if (!(flags.force && error.code === 'IMAGE_NOT_FOUND')) exitCode = 1;
      }
    }
    return exitCode;
  },
};
