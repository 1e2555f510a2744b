import { Argument, type Command, Option } from 'commander';
import { stripControl } from '../../diagnostics/redact.ts';
import type { ConfigDifference, ImageDifferences } from '../../verify/image-differences.ts';
import type { FileDifference } from '../../verify/layer-differences.ts';
import type { Verification } from '../../verify/verify-image.ts';
import type { CommandContext, CommandModule } from '../command.ts';
import { type BuildFlags, toBuildOptions } from '../flags/build-flags.ts';
import { buildHeader } from '../flags/build-header.ts';
import { usageError } from '../flags/csv-fields.ts';
import { declareBuildFlags } from '../flags/declare-build-flags.ts';
import { oneOf } from '../flags/one-of.ts';
import { oneOfFlag } from '../flags/setting.ts';
import { clip } from '../render/clip.ts';
import { shortId } from '../render/image-names.ts';
import { PROGRESS_KINDS } from '../render/progress.ts';
import { showProgress } from '../render/show-progress.ts';
import type { Terminal } from '../terminal.ts';

interface VerifyFlags extends BuildFlags {
  readonly format: string;
}

/** Differences of the config that are shown; a time that is off shows in every entry of the history. */
const SHOWN_FIELDS = 5;

export const command: CommandModule = {
  configure(command: Command) {
    command.addArgument(new Argument('<image>', 'name or id of an image in the store'));
    declareBuildFlags(command);
    command
      .addOption(oneOfFlag(new Option('--format <format>', 'text or json').default('text'), ['text', 'json']))
      .addHelpText(
        'after',
        '\nTakes the flags of the build that made the image. Exits with 1 when the images differ.\n\nExamples:\n  slipway verify hello .\n  SOURCE_DATE_EPOCH=1700000000 slipway verify hello --target release .',
      );
  },

  async run(context: CommandContext, [image = '', path = ''], options) {
    const flags = options as unknown as VerifyFlags;
    const { stdout, stderr, env } = context;
    if (flags.cacheFrom.length > 0)
      throw usageError('"slipway verify" builds from nothing, so it takes no --cache-from.', 'Leave it away.');
    const buildOptions = toBuildOptions(context, path, flags);
    const kind = flags.quiet ? 'quiet' : oneOf('--progress', flags.progress, PROGRESS_KINDS);
    const { verifyImage } = await import('../../verify/verify-image.ts');
    const progress = showProgress(stderr, kind, { env, header: buildHeader(buildOptions) });
    const verification = await verifyImage({
      ...buildOptions,
      image,
      onEvent: (event) => progress.event(event),
    }).finally(() => progress.finish());
    stdout.write(flags.format === 'json' ? `${JSON.stringify(verification)}\n` : text(verification, stdout));
    return verification.differences === undefined ? 0 : 1;
  },
};

function text(verification: Verification, terminal: Terminal): string {
  const { imageId, rebuiltId, epochSeconds, differences } = verification;
  const { colors, unicode } = terminal;
  const epoch = `SOURCE_DATE_EPOCH=${epochSeconds}`;
  if (!differences) {
    const mark = colors.green(unicode ? '✓' : '+');
    return `${mark} The same image: ${shortId(imageId)}, built again from nothing with ${epoch}.\n`;
  }
  const mark = colors.red(unicode ? '✗' : 'x');
  return [
    `${mark} Another image: ${shortId(imageId)} was built again as ${shortId(rebuiltId)}, with ${epoch}.`,
    ...differenceLines(differences, terminal).map((line) => `  ${stripControl(line)}`),
    ...(verification.wasBuiltWithEpoch ? [] : [NO_EPOCH]),
    '',
  ].join('\n');
}

const NO_EPOCH =
  '  hint: the image does not look built with SOURCE_DATE_EPOCH: without it no two builds have the same times.';

function differenceLines({ layer, config }: ImageDifferences, terminal: Terminal): readonly string[] {
  const width = terminal.columns() - 4;
  const lines: string[] = [];
  if (layer) {
    const by = layer.createdBy ? `: ${layer.createdBy}` : '';
    lines.push(
      clip(`layer ${layer.index + 1}${by}`, width, terminal),
      ...layer.files.map((file) => `  ${fileLine(file)}`),
    );
    if (layer.files.length === 0) lines.push('  no file differs, only the way the layer is written');
  }
  const shown = config.slice(0, SHOWN_FIELDS);
  lines.push(...shown.map((difference) => clip(fieldLine(difference), width, terminal)));
  if (config.length > shown.length) lines.push(`and ${config.length - shown.length} more fields of the config`);
  return lines;
}

function fileLine({ path, what, before, after }: FileDifference): string {
  switch (what) {
    case 'missing':
      return `${path}  is missing now`;
    case 'added':
      return `${path}  was not there`;
    default:
      return `${path}  ${what} ${before}, now ${after}`;
  }
}

function fieldLine({ field, image, rebuilt }: ConfigDifference): string {
  return `config ${field}: ${JSON.stringify(image)}, now ${JSON.stringify(rebuilt)}`;
}
