import type { Command } from 'commander';
import { KnownError } from '../../diagnostics/known-error.ts';
import { outgoingStoredImage } from '../../distribution/outgoing-stored-image.ts';
import { prepareAndPush, recordPush } from '../../distribution/push-image.ts';
import { RegistryAccess } from '../../distribution/registry-access.ts';
import { openStore, type Store } from '../../distribution/store.ts';
import { useStore } from '../../distribution/store-use.ts';
import { parsePlatform } from '../../image/parse-platform.ts';
import {
  familiarName,
  formatReference,
  parseReference,
  type Reference,
  withDefaultTag,
} from '../../image/reference.ts';
import { requireImage } from '../../image/store/resolve-image.ts';
import type { CommandContext, CommandModule } from '../command.ts';
import { rootFlag } from '../flags/common-flags.ts';
import { TransferView } from '../render/transfer-view.ts';
import { storeRoot } from '../store-root.ts';

interface PushFlags {
  readonly allTags?: boolean;
  readonly allowSecretLeak?: boolean;
  readonly platform?: string;
  readonly quiet?: boolean;
  readonly root?: string;
}

export const command: CommandModule = {
  configure(command: Command) {
    command
      .argument('<name>', 'an image of the store: REGISTRY/NAME[:TAG]')
      .option('-a, --all-tags', 'push every tag of the repository')
      .option('--allow-secret-leak', 'push an image although a step wrote a secret into a layer')
      .option('--platform <platform>', 'which one, where the name stands for several platforms')
      .option('-q, --quiet', 'print only the name');
    rootFlag(command).addHelpText(
      'after',
      '\nExamples:\n  slipway push registry.example/team/hello:1.2\n  slipway push --all-tags registry.example/team/hello',
    );
  },

  async run(context: CommandContext, [name = ''], options) {
    const flags = options as PushFlags;
    const store = openStore(storeRoot(context.env, flags.root));
    using _use = await useStore(store.root, context.signal);
    await using registry = new RegistryAccess(context.env);
    for (const reference of references(store, name, flags)) {
      await pushOne(context, { store, registry, reference, flags });
    }
    return 0;
  },
};

function references(store: Store, name: string, { allTags }: PushFlags): Reference[] {
  const reference = parseReference(name);
  if (reference.digest !== undefined) throw new KnownError('REFERENCE_INVALID', 'A push needs a tag, not a digest.');
  if (!allTags) return [withDefaultTag(reference)];
  const tagged = store.images
    .references()
    .map((stored) => parseReference(stored.name))
    .filter((each) => each.tag !== undefined && familiarName(each) === familiarName(reference));
  if (tagged.length > 0) return tagged;
  throw new KnownError('IMAGE_NOT_FOUND', `The store has no tag of "${familiarName(reference)}".`, {
    hint: '"slipway tag" names an image; "slipway images" lists what there is.',
  });
}

interface PushOne {
  readonly store: Store;
  readonly registry: RegistryAccess;
  readonly reference: Reference;
  readonly flags: PushFlags;
}

async function pushOne(context: CommandContext, { store, registry, reference, flags }: PushOne): Promise<void> {
  const { stdout, stderr, signal } = context;
  const name = formatReference(reference);
  const platform = flags.platform === undefined ? undefined : parsePlatform(flags.platform);
  const { image } = requireImage(store.images, name, platform);
  const view = new TransferView(stderr, { doing: 'Pushing', done: 'Pushed', present: 'Layer already exists' });
  const onProgress = flags.quiet ? undefined : view.transfer.bind(view);
  if (!flags.quiet) view.line(`The push refers to repository [${reference.registry}/${reference.repository}]`);
  try {
    const { prepared, pushed } = await prepareAndPush(store, reference, {
      image: await outgoingStoredImage(store, image),
      allowSecretLeak: flags.allowSecretLeak ?? false,
      format: 'oci',
      compression: 'gzip',
      client: () => registry.client(),
      signal,
      onProgress,
    });
    await recordPush(store, name, prepared);
    view.finish();
    stdout.write(
      flags.quiet
        ? `${name}\n`
        : `${reference.tag}: digest: ${pushed.digest} size: ${prepared.manifest.bytes.length}\n`,
    );
  } finally {
    view.finish();
  }
}
