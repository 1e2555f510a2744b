import { resolve } from 'node:path';
import type { Command } from 'commander';
import { RegistryAccess } from '../../distribution/registry-access.ts';
import { type SaveImagesOptions, saveArchive, saveLayout } from '../../distribution/save-images.ts';
import { openStore, type Store } from '../../distribution/store.ts';
import { useStore } from '../../distribution/store-use.ts';
import { explainWriteError, writeOutput } from '../../distribution/write-output.ts';
import { parsePlatform } from '../../image/parse-platform.ts';
import { requireImage } from '../../image/store/resolve-image.ts';
import type { CommandContext, CommandModule } from '../command.ts';
import { rootFlag } from '../flags/common-flags.ts';
import { usageError } from '../flags/csv-fields.ts';
import { TransferView } from '../render/transfer-view.ts';
import { storeRoot } from '../store-root.ts';

interface SaveFlags {
  readonly output?: string;
  readonly format: string;
  readonly platform?: string;
  readonly root?: string;
}

const FORMATS = ['docker-archive', 'oci-archive', 'oci-dir'] as const;

export const command: CommandModule = {
  configure(command: Command) {
    command
      .argument('<image...>', 'names or ids')
      .option('-o, --output <path>', 'file to write (default: standard output); a folder for oci-dir')
      .option('--format <format>', FORMATS.join(', '), 'docker-archive')
      .option('--platform <platform>', 'which one, where a name stands for several platforms');
    rootFlag(command).addHelpText(
      'after',
      '\nExamples:\n  slipway save -o hello.tar hello\n  slipway save --format oci-archive hello | skopeo inspect oci-archive:/dev/stdin',
    );
  },

  async run(context: CommandContext, names, options) {
    const flags = options as unknown as SaveFlags;
    const format = FORMATS.find((known) => known === flags.format);
    if (!format)
      throw usageError(`--format ${JSON.stringify(flags.format)} is not known.`, `There are: ${FORMATS.join(', ')}.`);
    const store = openStore(storeRoot(context.env, flags.root));
    using _use = await useStore(store.root, context.signal);
    const images = imagesToSave(store, names, flags);
    await using registry = new RegistryAccess(context.env);
    const view = new TransferView(context.stderr, { doing: 'Saving', done: 'Ready', present: 'Ready' });
    const onProgress = context.stderr.isTerminal ? view.transfer.bind(view) : undefined;
    const request = { images, client: () => registry.client(), signal: context.signal, onProgress };
    try {
      if (format === 'oci-dir') await saveFolder(context, store, { request, output: flags.output });
      else {
        const chunks = saveArchive(store, format === 'oci-archive' ? 'oci' : 'docker', request);
        const destination = toStdout(flags) ? process.stdout : resolve(context.cwd, flags.output ?? '');
        await writeOutput(destination, chunks, { signal: context.signal, flag: 'slipway save' });
      }
    } finally {
      view.finish();
    }
    return 0;
  },
};

function toStdout({ output }: SaveFlags): boolean {
  return output === undefined || output === '-';
}

/** An image that is asked for by several names is there once. */
function imagesToSave(store: Store, names: readonly string[], flags: SaveFlags): SaveImagesOptions['images'] {
  const platform = flags.platform === undefined ? undefined : parsePlatform(flags.platform);
  const found = new Map<string, SaveImagesOptions['images'][number]>();
  for (const name of names) {
    const { image, reference } = requireImage(store.images, name, platform);
    const own = reference ? [reference.name] : [];
    found.set(image.id, { image, names: [...new Set([...(found.get(image.id)?.names ?? []), ...own])] });
  }
  return [...found.values()];
}

async function saveFolder(
  { cwd }: CommandContext,
  store: Store,
  { request, output }: { readonly request: SaveImagesOptions; readonly output: string | undefined },
): Promise<void> {
  if (output === undefined || output === '-') throw usageError('oci-dir writes a folder.', 'Name it with -o FOLDER.');
  const path = resolve(cwd, output);
  try {
    await saveLayout(store, path, request);
  } catch (error) {
    throw explainWriteError(error, path);
  }
}
