import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import type { ImageSizes } from '../../size/image-sizes.ts';
import type { CommandContext, CommandModule } from '../command.ts';
import { parseByteBudget } from '../flags/byte-budget.ts';
import { usageError } from '../flags/csv-fields.ts';
import { IMAGE_ARGUMENT, type ImageSourceFlags, imageSourceFlags, withImage } from '../flags/image-source.ts';
import { oneOfFlag } from '../flags/setting.ts';
import { formatSize } from '../render/size.ts';
import { renderDifference, renderSizes } from '../render/size-report.ts';

interface SizeFlags extends ImageSourceFlags {
  readonly format: string;
  readonly top: string;
  readonly diff?: boolean;
  readonly budget?: string;
  readonly html?: string;
}

export const command: CommandModule = {
  configure(command: Command) {
    command
      .argument('<image>', IMAGE_ARGUMENT)
      .argument('[other]', 'with --diff: the image that is compared with the first')
      .option('--diff', 'say what grew and shrank from the first image to the second')
      .option('--budget <size>', 'exit with 1 when the layers have more than this: 20MB')
      .option('--html <file>', 'write a page with the image as a map')
      .addOption(oneOfFlag(new Option('--format <format>', 'text or json').default('text'), ['text', 'json']))
      .option('--top <n>', 'rows of each list', '10');
    imageSourceFlags(command).addHelpText(
      'after',
      '\nExamples:\n  slipway size hello --budget 20MB\n  slipway size --diff hello:1 hello:2',
    );
  },

  async run(context, [image = '', other], options) {
    const flags = options as unknown as SizeFlags;
    const budget = flags.budget === undefined ? undefined : parseByteBudget('--budget', flags.budget);
    const top = parseTop(flags.top);
    if (Boolean(flags.diff) !== (other !== undefined))
      throw usageError('Two images are compared with --diff.', 'Write: slipway size --diff hello:1 hello:2');
    const sizes = await measure(context, image, flags);
    const measured = other === undefined ? sizes : await measure(context, other, flags);
    if (other !== undefined) await showDifference(context, [sizes, measured], { flags, top });
    else await show(context, sizes, { flags, top });
    return checkBudget(context, measured, budget);
  },
};

function parseTop(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw usageError(`--top ${JSON.stringify(text)} is no number of rows.`);
}

function measure(context: CommandContext, image: string, flags: SizeFlags): Promise<ImageSizes> {
  return withImage(context, image, {
    flags,
    async use(opened) {
      const { measureImage } = await import('../../size/measure-image.ts');
      return measureImage(opened, context.signal);
    },
  });
}

interface Showing {
  readonly flags: SizeFlags;
  readonly top: number;
}

async function show(
  { cwd, stdout, stderr }: CommandContext,
  sizes: ImageSizes,
  { flags, top }: Showing,
): Promise<void> {
  if (flags.html !== undefined) {
    const { sizePage } = await import('../../size/size-page.ts');
    const path = resolve(cwd, flags.html);
    writeFileSync(path, sizePage(sizes));
    stderr.write(`Wrote ${path}\n`);
  } else if (flags.format === 'json') stdout.write(`${JSON.stringify(clipLists(sizes, top))}\n`);
  else stdout.write(renderSizes(sizes, top, stdout));
}

/** Lists of thousands of files are of no use to a script that asked for ten. */
function clipLists(sizes: ImageSizes, top: number): ImageSizes {
  const { directories, files, wasted, duplicates, programs } = sizes;
  return {
    ...sizes,
    directories: directories.slice(0, top),
    files: files.slice(0, top),
    wasted: wasted.slice(0, top),
    duplicates: duplicates.slice(0, top),
    programs: programs.map((program) => ({
      ...program,
      packages: program.packages.slice(0, top).map((each) => ({ ...each, functions: each.functions.slice(0, top) })),
    })),
  };
}

async function showDifference(
  { stdout }: CommandContext,
  [before, after]: readonly [ImageSizes, ImageSizes],
  { flags, top }: Showing,
): Promise<void> {
  if (flags.html !== undefined) throw usageError('--html shows one image.', 'Leave --diff away.');
  const { compareSizes } = await import('../../size/compare-sizes.ts');
  const difference = compareSizes(before, after);
  if (flags.format === 'text') return stdout.write(renderDifference(difference, top, stdout));
  const { files, packages } = difference;
  stdout.write(`${JSON.stringify({ ...difference, files: files.slice(0, top), packages: packages.slice(0, top) })}\n`);
}

function checkBudget({ stderr }: CommandContext, { sizeBytes }: ImageSizes, budget: number | undefined): number {
  if (budget === undefined || sizeBytes <= budget) return 0;
  const over = `${formatSize(sizeBytes)} is ${formatSize(sizeBytes - budget)} more than the budget of ${formatSize(budget)}.`;
  stderr.write(`${stderr.colors.red('over budget')}: ${over}\n`);
  return 1;
}
