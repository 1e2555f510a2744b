import type { Command } from 'commander';
import { fetchLayers } from '../../distribution/fetch-layers.ts';
import { pullImage } from '../../distribution/pull-image.ts';
import { RegistryAccess } from '../../distribution/registry-access.ts';
import { openStore, type Store } from '../../distribution/store.ts';
import { useStore } from '../../distribution/store-use.ts';
import { formatPlatform, hostPlatform, parsePlatform } from '../../image/parse-platform.ts';
import {
  familiarReference,
  formatReference,
  parseReference,
  type Reference,
  withDefaultTag,
  withTag,
} from '../../image/reference.ts';
import type { StoredReference } from '../../image/store/stored-image.ts';
import type { CommandContext, CommandModule } from '../command.ts';
import { rootFlag } from '../flags/common-flags.ts';
import { TransferView } from '../render/transfer-view.ts';
import { storeRoot } from '../store-root.ts';

interface PullFlags {
  readonly allTags?: boolean;
  readonly platform?: string;
  readonly quiet?: boolean;
  readonly root?: string;
}

export const command: CommandModule = {
  configure(command: Command) {
    command
      .argument('<name>', 'an image: [REGISTRY/]NAME[:TAG|@DIGEST]')
      .option('-a, --all-tags', 'pull every tag of the repository')
      .option('--platform <platform>', "platform to pull (default: this machine's)")
      .option('-q, --quiet', 'print only the name');
    rootFlag(command).addHelpText(
      'after',
      '\nExamples:\n  slipway pull golang:1.26\n  slipway pull --platform linux/arm64 registry.example/team/app:1.2',
    );
  },

  async run(context: CommandContext, [name = ''], options) {
    const flags = options as PullFlags;
    const store = openStore(storeRoot(context.env, flags.root));
    using _use = await useStore(store.root, context.signal);
    await using registry = new RegistryAccess(context.env);
    for (const reference of await references(context, registry, { name, flags })) {
      await pullOne(context, { store, registry, reference, flags });
    }
    return 0;
  },
};

async function references(
  { signal }: CommandContext,
  registry: RegistryAccess,
  { name, flags }: { readonly name: string; readonly flags: PullFlags },
): Promise<readonly Reference[]> {
  const reference = parseReference(name);
  if (!flags.allTags) return [withDefaultTag(reference)];
  const tags = await (await registry.client()).listTags(reference, { signal });
  return tags.map((tag) => withTag(reference, tag));
}

interface PullOne {
  readonly store: Store;
  readonly registry: RegistryAccess;
  readonly reference: Reference;
  readonly flags: PullFlags;
}

/** docker's words: progress on stderr, what was asked for on stdout. */
async function pullOne(context: CommandContext, { store, registry, reference, flags }: PullOne): Promise<void> {
  const { stdout, stderr, signal } = context;
  const view = new TransferView(stderr, { doing: 'Pulling', done: 'Pull complete', present: 'Already exists' });
  const show = (text: string) => (flags.quiet ? undefined : view.line(text));
  const familiar = familiarReference(reference);
  show(`${reference.tag ?? reference.digest}: Pulling from ${reference.repository}`);
  const before = store.images.getReference(formatReference(reference));
  const client = await registry.client();
  const platform = flags.platform === undefined ? hostPlatform() : parsePlatform(flags.platform);
  try {
    const image = await pullImage(store, client, { reference, platform, signal });
    const onProgress = flags.quiet ? undefined : view.transfer.bind(view);
    await fetchLayers(store, image, { client, signal, onProgress });
    const after = store.images.getReference(formatReference(reference));
    if (formatPlatform(image.platform) !== formatPlatform(platform)) {
      show(`The image is for ${formatPlatform(image.platform)}, and ${formatPlatform(platform)} was asked for.`);
    }
    show(`Digest: ${after?.digest}`);
    show(`Status: ${status(before, after)} for ${familiar}`);
  } finally {
    view.finish();
  }
  stdout.write(`${formatReference(reference)}\n`);
}

function status(before: StoredReference | undefined, after: StoredReference | undefined): string {
  const isSame = before?.digest !== undefined && before.digest === after?.digest;
  return isSame && before.images.length === after?.images.length ? 'Image is up to date' : 'Downloaded newer image';
}
