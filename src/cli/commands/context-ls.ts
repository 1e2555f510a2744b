import { type Command, Option } from 'commander';
import { type ContextFiles, contextFiles } from '../../context/context-files.ts';
import type { FileEntry } from '../../context/file-tree.ts';
import { stripControl } from '../../diagnostics/redact.ts';
import type { CommandContext, CommandModule } from '../command.ts';
import { locateContext } from '../flags/context-argument.ts';
import { oneOfFlag } from '../flags/setting.ts';
import { formatSize } from '../render/size.ts';
import { renderTable } from '../render/table.ts';

interface ContextLsFlags {
  readonly file?: string;
  readonly largest?: boolean;
  readonly ignored?: boolean;
  readonly format: string;
}

export const command: CommandModule = {
  configure(command: Command) {
    command
      .argument('[context]', 'a directory', '.')
      .option('-f, --file <path>', 'Dockerfile whose own .dockerignore counts')
      .option('--largest', 'largest first')
      .option('--ignored', 'what is hidden instead, and by which line')
      .addOption(oneOfFlag(new Option('--format <format>', 'table or json').default('table'), ['table', 'json']))
      .addHelpText('after', '\nExamples:\n  slipway context ls --largest . | head\n  slipway context ls --ignored .');
  },

  async run({ cwd, stdout, stderr }: CommandContext, [path = '.'], options) {
    const flags = options as unknown as ContextLsFlags;
    const { dir, dockerfile } = locateContext({ cwd, path, file: flags.file });
    const found = contextFiles(dir, { dockerfile });
    const files = flags.largest ? [...found.files].sort((a, b) => b.size - a.size) : found.files;
    if (flags.format === 'json') stdout.write(`${JSON.stringify(json(found, files))}\n`);
    else {
      stdout.write(flags.ignored ? hiddenTable(found) : fileTable(files));
      stderr.write(`\n${total(found)}\n`);
    }
    return 0;
  },
};

function fileTable(files: readonly FileEntry[]): string {
  return renderTable(
    ['SIZE', 'PATH'],
    files.map(({ path, size, type, linkTarget }) => [
      type === 'file' ? formatSize(size) : '-',
      stripControl(linkTarget === undefined ? path : `${path} -> ${linkTarget}`),
    ]),
  );
}

function hiddenTable({ hidden }: ContextFiles): string {
  return renderTable(
    ['PATH', 'HIDDEN BY', 'PATTERN'],
    hidden.map(({ path, pattern }) => [
      stripControl(path),
      pattern?.range ? `${pattern.range.file}:${pattern.range.start.line}` : '',
      stripControl(pattern?.text ?? ''),
    ]),
  );
}

function total({ files, bytes, hidden }: ContextFiles): string {
  const ignored = hidden.length > 0 ? `; ${hidden.length} hidden by .dockerignore` : '';
  return `${files.length} ${files.length === 1 ? 'file' : 'files'}, ${formatSize(bytes)}${ignored}`;
}

function json({ bytes, hidden }: ContextFiles, files: readonly FileEntry[]): object {
  return {
    files: files.map(({ path, type, size, mode, linkTarget }) => ({
      path,
      type,
      size,
      mode: mode.toString(8).padStart(4, '0'),
      ...(linkTarget === undefined ? {} : { linkTarget }),
    })),
    total: { files: files.length, bytes },
    hidden: hidden.map(({ path, pattern }) => ({
      path,
      pattern: pattern?.text,
      file: pattern?.range?.file,
      line: pattern?.range?.start.line,
    })),
  };
}
