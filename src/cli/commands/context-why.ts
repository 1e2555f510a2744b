import { lstatSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { judgePath, type PathVerdict } from '../../context/context-files.ts';
import type { PatternSource } from '../../context/pattern/pattern-matcher.ts';
import { readIgnoreFile } from '../../context/read-ignore-file.ts';
import { stripControl } from '../../diagnostics/redact.ts';
import type { CommandContext, CommandModule } from '../command.ts';
import { locateContext } from '../flags/context-argument.ts';
import { usageError } from '../flags/csv-fields.ts';
import { oneOfFlag } from '../flags/setting.ts';

interface ContextWhyFlags {
  readonly file?: string;
  readonly format: string;
}

export const command: CommandModule = {
  configure(command: Command) {
    command
      .argument('<context>', 'a directory; with nothing behind it, a path in this one')
      .argument('[path...]', 'paths in it, relative to it')
      .option('-f, --file <path>', 'Dockerfile whose own .dockerignore counts')
      .addOption(oneOfFlag(new Option('--format <format>', 'text or json').default('text'), ['text', 'json']))
      .addHelpText(
        'after',
        '\nExits with 1 when one of the paths is hidden or does not exist.\n\nExamples:\n  slipway context why go.sum\n  slipway context why -f build/Dockerfile . vendor/a.go dist',
      );
  },

  async run({ cwd, stdout }: CommandContext, [first = '', ...rest], options) {
    const flags = options as unknown as ContextWhyFlags;
    const [context, paths] = rest.length === 0 ? ['.', [first]] : [first, rest];
    const { dir, dockerfile } = locateContext({ cwd, path: context, file: flags.file });
    const ignore = readIgnoreFile(dir, dockerfile);
    const answers = paths.map((written) => {
      const path = pathInContext(dir, written);
      const exists = lstatSync(join(dir, path), { throwIfNoEntry: false }) !== undefined;
      return { path, exists, verdict: judgePath(ignore, path) };
    });
    for (const answer of answers)
      stdout.write(flags.format === 'json' ? `${JSON.stringify(json(answer))}\n` : text(answer));
    return answers.every(({ exists, verdict }) => exists && verdict.kind === 'sent') ? 0 : 1;
  },
};

interface Answer {
  readonly path: string;
  readonly exists: boolean;
  readonly verdict: PathVerdict;
}

function pathInContext(dir: string, written: string): string {
  const path = relative(dir, resolve(dir, written));
  if (path !== '' && path !== '..' && !path.startsWith('../')) return path;
  throw usageError(`${JSON.stringify(written)} is no path in the context.`, `Paths are relative to ${dir}.`);
}

function text({ path, exists, verdict }: Answer): string {
  const missing = exists ? '' : '  (there is no such file)';
  return stripControl(`${path}  ${reason(path, verdict)}${missing}\n`);
}

function reason(path: string, verdict: PathVerdict): string {
  if (verdict.kind === 'hidden') {
    const what = verdict.at === path ? 'hidden' : `hidden with ${verdict.at}/`;
    return `${what} by ${place(verdict.pattern)}`;
  }
  return verdict.exception ? `kept by ${place(verdict.exception)}` : 'kept: no line hides it';
}

function place({ text: pattern, range }: PatternSource): string {
  return range ? `${range.file}:${range.start.line}  ${pattern}` : pattern;
}

function json({ path, exists, verdict }: Answer): object {
  const pattern = verdict.kind === 'hidden' ? verdict.pattern : verdict.exception;
  return {
    path,
    exists,
    hidden: verdict.kind === 'hidden',
    ...(pattern && { pattern: pattern.text, file: pattern.range?.file, line: pattern.range?.start.line }),
  };
}
