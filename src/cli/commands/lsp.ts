import type { Command } from 'commander';
import type { CommandContext, CommandModule } from '../command.ts';
import { version } from '../version.ts';

export const command: CommandModule = {
  configure(command: Command) {
    command
      .option('--stdio', 'talk over stdin and stdout, which is the only way there is')
      .addHelpText(
        'after',
        '\nFor editors: findings and quick fixes of "slipway lint", what a word means, completion.\n\nExamples:\n  slipway lsp --stdio\n  vim.lsp.start({ name = "slipway", cmd = { "slipway", "lsp" } })   (Neovim)',
      );
  },

  async run({ stdin, signal }: CommandContext) {
    const { serveLanguage } = await import('../../lsp/language-server.ts');
    await serveLanguage({ input: stdin, output: process.stdout, version: version(), signal });
    return 0;
  },
};
