import { Argument, type Command } from 'commander';
import type { CommandContext, CommandModule } from '../command.ts';
import { completionScript, SHELLS } from '../completion/scripts.ts';
import { oneOf } from '../flags/one-of.ts';

export const command: CommandModule = {
  configure(command: Command) {
    command
      .addArgument(
        new Argument('<shell>', SHELLS.join(', '))
          .choices(SHELLS)
          .argParser((value: string) => oneOf('The shell', value, SHELLS)),
      )
      .addHelpText(
        'after',
        '\nExamples:\n  source <(slipway completion bash)\n  slipway completion fish > ~/.config/fish/completions/slipway.fish',
      );
  },

  async run({ stdout }: CommandContext, [shell = '']) {
    stdout.write(completionScript(oneOf('The shell', shell, SHELLS)));
    return 0;
  },
};
