import type { Command } from 'commander';
import { KnownError } from '../../diagnostics/known-error.ts';
import { openStore } from '../../distribution/store.ts';
import { formatReference, parseReference, withDefaultTag } from '../../image/reference.ts';
import { requireImage } from '../../image/store/resolve-image.ts';
import type { CommandContext, CommandModule } from '../command.ts';
import { rootFlag } from '../flags/common-flags.ts';
import { storeRoot } from '../store-root.ts';

export const command: CommandModule = {
  configure(command: Command) {
    command.argument('<source>', 'name or id of an image').argument('<target>', 'the new name: [REGISTRY/]NAME[:TAG]');
    rootFlag(command).addHelpText(
      'after',
      '\nExamples:\n  slipway tag hello registry.example/team/hello:1.2\n  slipway tag 4be1c0a7d2f3 hello:old',
    );
  },

  async run({ env }: CommandContext, [source = '', target = ''], { root }) {
    const store = openStore(storeRoot(env, root as string | undefined));
    const { image, reference } = requireImage(store.images, source);
    const name = withDefaultTag(parseReference(target));
    if (name.digest !== undefined) {
      throw new KnownError('REFERENCE_INVALID', `"${target}" has a digest, which an image gets from its content.`, {
        hint: 'Name it without the digest.',
      });
    }
    const { id, platform } = image;
    await store.images.setReference(formatReference(name), { images: reference?.images ?? [{ id, platform }] });
    return 0;
  },
};
