import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { Explanation } from '../../explain/explanation.ts';
import { familiarReference, parseReference } from '../../image/reference.ts';
import type { CommandContext, CommandModule } from '../command.ts';
import { rootFlag } from '../flags/common-flags.ts';
import { usageError } from '../flags/csv-fields.ts';
import { formatAge } from '../render/age.ts';
import { formatDuration } from '../render/duration.ts';
import { renderExplanation } from '../render/explanation.ts';
import { storeRoot } from '../store-root.ts';
import type { Terminal } from '../terminal.ts';

interface ExplainFlags {
  readonly format?: string;
  readonly html?: string;
  readonly root?: string;
}

export const command: CommandModule = {
  configure(command: Command) {
    command
      .argument('[build]', 'id of a build, the name or id of the image it made, or "last"', 'last')
      .option('--format <format>', 'text or json', 'text')
      .option('--html <file>', 'write a page with a waterfall, the cache and the image as a map');
    rootFlag(command).addHelpText('after', '\nExamples:\n  slipway explain\n  slipway explain hello --html build.html');
  },

  async run({ env, cwd, stdout, stderr }: CommandContext, [build = 'last'], options) {
    const flags = options as unknown as ExplainFlags;
    if (flags.format !== 'text' && flags.format !== 'json')
      throw usageError(`--format ${JSON.stringify(flags.format)} is not known.`, 'It is text or json.');
    const root = storeRoot(env, flags.root);
    if (flags.html !== undefined) {
      const { explainPage } = await import('../../explain/html/explain-page.ts');
      const path = resolve(cwd, flags.html);
      writeFileSync(path, await explainPage({ storeRoot: root, build }));
      stderr.write(`Wrote ${path}\n`);
      return 0;
    }
    const { explain } = await import('../../explain/explain.ts');
    const explanation = explain({ storeRoot: root, build });
    if (flags.format === 'json') stdout.write(`${JSON.stringify(explanation)}\n`);
    else stdout.write(`${heading(explanation, stdout)}\n${renderExplanation(explanation, stdout)}`);
    return 0;
  },
};

function heading({ build }: Explanation, { colors }: Terminal): string {
  const { id, startedMs, endedMs, result, error } = build;
  const made = error ? `failed: ${error.message}` : madeName(result);
  const age = `${formatAge(Date.now() - startedMs)} ago, ${formatDuration(endedMs - startedMs)}`;
  return `${colors.bold(`build ${id}`)}  ${age}${made ? `  ${made}` : ''}\n`;
}

function madeName(result: Explanation['build']['result']): string {
  const [name] = result?.names ?? [];
  return name === undefined ? (result?.imageId?.slice(0, 19) ?? '') : familiarReference(parseReference(name));
}
