import type { Command } from 'commander';
import type { OpenedImage } from '../../contents/opened-image.ts';
import type { CommandContext } from '../command.ts';
import { storeRoot } from '../store-root.ts';
import { rootFlag } from './common-flags.ts';

/** Flags of commands that look into an image wherever it is. */
export interface ImageSourceFlags {
  readonly platform?: string;
  readonly root?: string;
}

/** What the argument of such a command is called in help. */
export const IMAGE_ARGUMENT = 'name or id, archive, OCI layout, or a reference to a registry';

export function imageSourceFlags(command: Command): Command {
  command.option('--platform <platform>', 'which one, where there are several (default: this machine)');
  return rootFlag(command);
}

/** Opens an image for as long as it is used; one that is not here is fetched, which is said on stderr. */
export async function withImage<T>(
  { env, cwd, stderr, signal }: CommandContext,
  image: string,
  { flags, use }: { readonly flags: ImageSourceFlags; use(image: OpenedImage): Promise<T> },
): Promise<T> {
  const [{ openImage }, { RegistryAccess }, { parsePlatform }] = await Promise.all([
    import('../../contents/open-image.ts'),
    import('../../distribution/registry-access.ts'),
    import('../../image/parse-platform.ts'),
  ]);
  await using registry = new RegistryAccess(env);
  await using opened = await openImage({
    image,
    cwd,
    storeRoot: storeRoot(env, flags.root),
    registry,
    platform: flags.platform === undefined ? undefined : parsePlatform(flags.platform),
    signal,
    onPull: (reference) => stderr.write(`Unable to find image "${reference}" in the store: pulling it\n`),
  });
  return await use(opened);
}
