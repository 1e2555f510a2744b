import type { Command } from 'commander';
import { KnownError } from '../../diagnostics/known-error.ts';
import { openStore } from '../../distribution/store.ts';
import { parsePlatform } from '../../image/parse-platform.ts';
import { requireImage } from '../../image/store/resolve-image.ts';
import type { CommandContext, CommandModule } from '../command.ts';
import { rootFlag } from '../flags/common-flags.ts';
import { renderError } from '../render/error.ts';
import { renderGoTemplate } from '../render/go-template.ts';
import { imageDetails } from '../render/image-details.ts';
import { storeRoot } from '../store-root.ts';

interface InspectFlags {
  readonly format?: string;
  readonly platform?: string;
  readonly root?: string;
}

export const command: CommandModule = {
  configure(command: Command) {
    command
      .argument('<image...>', 'names or ids')
      .option('-f, --format <format>', 'json, or a template such as {{.Config.User}}')
      .option('--platform <platform>', 'which one, where a name stands for several platforms');
    rootFlag(command).addHelpText(
      'after',
      "\nExamples:\n  slipway inspect hello\n  slipway inspect -f '{{json .Config.Env}}' hello",
    );
  },

  /** What is found is shown, also when something else is not, as docker does it. */
  async run({ env, stdout, stderr }: CommandContext, names, options) {
    const flags = options as InspectFlags;
    const store = openStore(storeRoot(env, flags.root));
    const platform = flags.platform === undefined ? undefined : parsePlatform(flags.platform);
    const found: Record<string, unknown>[] = [];
    const missing: KnownError[] = [];
    for (const name of names) {
      try {
        found.push(await imageDetails(store, requireImage(store.images, name, platform).image));
      } catch (error) {
        if (!(error instanceof KnownError)) throw error;
        missing.push(error);
      }
    }
    stdout.write(render(found, flags.format));
    for (const error of missing) stderr.write(renderError(error, stderr));
    return missing.length === 0 ? 0 : 1;
  },
};

function render(found: readonly Record<string, unknown>[], format: string | undefined): string {
  if (format === undefined || format === '') return `${JSON.stringify(found, undefined, 4)}\n`;
  if (format === 'json') return `${JSON.stringify(found)}\n`;
  return found.map((details) => `${renderGoTemplate(format, details)}\n`).join('');
}
