import type { Command } from 'commander';
import { removeCredentials } from '../../image/credentials/save-credentials.ts';
import { DOCKER_HUB } from '../../image/reference.ts';
import type { CommandContext, CommandModule } from '../command.ts';
import { registryHost } from '../flags/registry-argument.ts';

export const command: CommandModule = {
  configure(command: Command) {
    command
      .argument('[registry]', 'host of a registry', DOCKER_HUB)
      .addHelpText('after', '\nExamples:\n  slipway logout\n  slipway logout registry.example');
  },

  async run({ env, stdout, signal }: CommandContext, [argument = DOCKER_HUB]) {
    const registry = registryHost(argument);
    const had = await removeCredentials(registry, { env, signal });
    stdout.write(had ? `Removing login credentials for ${registry}\n` : `Not logged in to ${registry}\n`);
    return 0;
  },
};
