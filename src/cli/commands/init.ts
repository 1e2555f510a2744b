import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { nearestPath } from '../../build/nearest-path.ts';
import { openLocalTree } from '../../context/local-tree.ts';
import { KnownError } from '../../diagnostics/known-error.ts';
import { findModules } from '../../generate/find-modules.ts';
import { type GeneratedFiles, generateFiles } from '../../generate/generate-files.ts';
import { BASES, type BaseKind, type GenerateOptions } from '../../generate/image-plan.ts';
import { saveFiles } from '../../generate/save-files.ts';
import type { GoModule } from '../../golang/module/go-module.ts';
import { readGoModule } from '../../golang/module/read-go-module.ts';
import { askAboutImage } from '../ask-about-image.ts';
import type { CommandContext, CommandModule } from '../command.ts';
import { collect } from '../flags/common-flags.ts';
import { usageError } from '../flags/csv-fields.ts';
import { oneOfFlag } from '../flags/setting.ts';
import { renderDecisions, renderFiles } from '../render/generated-files.ts';

interface InitFlags {
  readonly base?: BaseKind;
  readonly main?: string;
  readonly tags: readonly string[];
  readonly strict?: boolean;
  readonly dev?: boolean;
  readonly private: readonly string[];
  readonly ssh?: boolean;
  readonly force?: boolean;
  readonly dryRun?: boolean;
  readonly stdout?: boolean;
  readonly yes?: boolean;
  readonly format: string;
}

export const command: CommandModule = {
  configure(command: Command) {
    command
      .argument('[dir]', 'directory of a Go module or workspace', '.')
      .addOption(
        oneOfFlag(
          new Option('--base <base>', 'what the image is made from: scratch, distroless, alpine or debian'),
          BASES,
        ),
      )
      .option('--main <program>', 'the one main package to make an image of, by folder or name')
      .addOption(
        new Option('--tags <tags>', 'build tags of the programs, with commas between (repeatable)')
          .argParser(collectTags)
          .default([], 'none'),
      )
      .option('--strict', '.dockerignore hides everything that the build does not copy')
      .option('--dev', 'also a Dockerfile.dev with hot reload and a debugger, and a compose.dev.yaml')
      .addOption(
        new Option('--private <modules>', 'modules of a public host that are private: github.com/acme (repeatable)')
          .argParser(collect)
          .default([], 'none'),
      )
      .option('--ssh', 'fetch private modules over ssh, and not with a netrc file')
      .option('--force', 'replace files that exist')
      .option('--dry-run', 'show the files and write none (also --stdout)')
      .addOption(new Option('--stdout', 'as --dry-run').hideHelp())
      .option('-y, --yes', 'ask nothing and take the defaults')
      .addOption(
        oneOfFlag(new Option('--format <format>', 'text, or json for what is known of the module').default('text'), [
          'text',
          'json',
        ]),
      )
      .addHelpText('after', '\nExamples:\n  slipway init\n  slipway init --base distroless --main ./cmd/api --dry-run');
  },

  async run(context: CommandContext, [path = '.'], options) {
    const flags = options as unknown as InitFlags;
    const dir = locateDirectory(context.cwd, path);
    const module = readModule(dir, path, flags.tags);
    if (flags.format === 'json') return writeFacts(context, module, flags);
    const isPreview = flags.dryRun || flags.stdout;
    const mayAsk = !flags.yes && !isPreview && context.stdin.isTTY && context.stderr.isTerminal;
    const chosen = mayAsk ? await askAboutImage(context, module, toOptions(flags)) : toOptions(flags);
    const generated = generateFiles(module, chosen);
    if (isPreview) context.stdout.write(renderFiles(generated.files));
    else saveFiles(dir, generated.files, { replace: flags.force ?? false });
    context.stderr.write(renderDecisions(generated, context.stderr, { isPreview: isPreview ?? false }));
    return 0;
  },
};

/** They become words of a shell command: nothing but what a tag may consist of. */
function collectTags(value: string, before: readonly string[]): readonly string[] {
  const tags = value.split(',').filter(Boolean);
  const wrong = tags.find((tag) => !/^[\p{L}\p{N}_.]+$/u.test(tag));
  if (wrong !== undefined || tags.length === 0)
    throw usageError(`--tags ${JSON.stringify(value)} names no build tags.`, 'Letters, digits, "_" and "." make one.');
  return [...new Set([...before, ...tags])];
}

function toOptions({ base, main, strict, dev, private: modules, ssh }: InitFlags): GenerateOptions {
  const privatePatterns = modules.flatMap((value) => value.split(','));
  return { base, main, isStrict: strict, isDev: dev, privatePatterns, usesSsh: ssh };
}

function locateDirectory(cwd: string, path: string): string {
  const dir = resolve(cwd, path);
  if (statSync(dir, { throwIfNoEntry: false })?.isDirectory()) return dir;
  const meant = nearestPath(path, cwd);
  throw new KnownError('CONTEXT_NOT_FOUND', `${JSON.stringify(path)} is not a directory.`, {
    hint: meant ? `Did you mean ${JSON.stringify(meant)}?` : 'Name the directory that has the go.mod.',
  });
}

/** Without its .dockerignore: what it should hide is to be found out. */
function readModule(dir: string, path: string, tags: readonly string[]): GoModule {
  const tree = openLocalTree(dir, { name: 'the module' });
  const module = readGoModule(tree, { tags });
  if (module) return module;
  const found = findModules(tree).slice(0, 5);
  const [only] = found;
  throw new KnownError('GO_MODULE_MISSING', `${JSON.stringify(path)} has no go.mod or go.work.`, {
    hint:
      only === undefined
        ? 'Name the directory of a Go module; "go mod init" makes one.'
        : `There is a go.mod in ${found.map((folder) => JSON.stringify(folder)).join(', ')}: name one of these directories.`,
  });
}

/** The facts even of a module that no image can be made of; then without files. */
function writeFacts({ stdout }: CommandContext, module: GoModule, flags: InitFlags): number {
  const generated: GeneratedFiles | { readonly error: string } = attempt(module, flags);
  const { packages, ...facts } = module;
  stdout.write(
    `${JSON.stringify({ module: { ...facts, packages: packages.map(({ dir, importPath, name }) => ({ dir, importPath, name })) }, ...generated })}\n`,
  );
  return 0;
}

function attempt(module: GoModule, flags: InitFlags): GeneratedFiles | { readonly error: string } {
  try {
    return generateFiles(module, toOptions(flags));
  } catch (error) {
    if (error instanceof KnownError) return { error: error.message };
    throw error;
  }
}
