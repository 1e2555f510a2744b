import type { Command } from 'commander';
import type { CommandContext, CommandModule } from '../command.ts';
import { type BuildFlags, toBuildOptions } from '../flags/build-flags.ts';
import { usageError } from '../flags/csv-fields.ts';
import { declareBuildFlags } from '../flags/declare-build-flags.ts';
import { renderOutlook } from '../render/outlook.ts';
import { renderNotices } from '../render/warnings.ts';

interface PlanFlags extends BuildFlags {
  readonly ifChanged?: readonly string[];
  readonly format: string;
}

export const command: CommandModule = {
  configure(command: Command) {
    declareBuildFlags(command)
      .option('--if-changed <file...>', 'as if these files or folders had changed')
      .option('--format <format>', 'text or json', 'text')
      .addHelpText(
        'after',
        '\nExamples:\n  slipway plan .\n  slipway plan . --if-changed $(git diff --name-only main)',
      );
  },

  async run(context: CommandContext, [path = ''], options) {
    const flags = options as unknown as PlanFlags;
    if (flags.format !== 'text' && flags.format !== 'json')
      throw usageError(`--format ${JSON.stringify(flags.format)} is not known.`, 'It is text or json.');
    const { plan } = await import('../../explain/plan.ts');
    const { stdout, stderr } = context;
    const notices: string[] = [];
    const outlook = await plan({
      ...toBuildOptions(context, path, flags),
      changedFiles: flags.ifChanged ?? [],
      onEvent: (event) => event.type === 'notice' && notices.push(event.text),
    });
    stderr.write(renderNotices(notices, stderr));
    stdout.write(flags.format === 'json' ? `${JSON.stringify(outlook)}\n` : renderOutlook(outlook, stdout));
    return 0;
  },
};
