import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import type { Command } from 'commander';
import { KnownError } from '../../diagnostics/known-error.ts';
import { insecureRegistries } from '../../distribution/registry-access.ts';
import { saveCredentials } from '../../image/credentials/save-credentials.ts';
import { DOCKER_HUB } from '../../image/reference.ts';
import { RegistryClient } from '../../image/registry/registry-client.ts';
import type { CommandContext, CommandModule } from '../command.ts';
import { usageError } from '../flags/csv-fields.ts';
import { registryHost } from '../flags/registry-argument.ts';

interface LoginFlags {
  readonly username?: string;
  readonly passwordStdin?: boolean;
}

export const command: CommandModule = {
  configure(command: Command) {
    command
      .argument('[registry]', 'host of a registry', DOCKER_HUB)
      .option('-u, --username <name>', 'user name')
      .option('--password-stdin', 'read the password or token from standard input')
      .addHelpText(
        'after',
        '\nThe login is kept where docker keeps it, and docker’s and podman’s own logins are used too.\n\nExamples:\n  slipway login -u me registry.example\n  printenv TOKEN | slipway login -u me --password-stdin ghcr.io',
      );
  },

  async run(context: CommandContext, [argument = DOCKER_HUB], options) {
    const { env, stdout, signal } = context;
    const flags = options as LoginFlags;
    const registry = registryHost(argument);
    const { username, password } = await askLogin(context, registry, flags);
    const source = flags.passwordStdin ? 'standard input' : 'the prompt';
    await using client = new RegistryClient({
      env,
      credentials: async () => ({ kind: 'password', username, password, source }),
      insecureRegistries: insecureRegistries(env),
    });
    await client.checkLogin(registry, { signal });
    const place = await saveCredentials(registry, { login: { username, password }, env, signal });
    stdout.write(`Login Succeeded\n`);
    if (place.endsWith('.json')) {
      context.stderr.write(`The password is kept readable to you in ${place}; a credential helper keeps it safer.\n`);
    }
    return 0;
  },
};

async function askLogin(
  context: CommandContext,
  registry: string,
  flags: LoginFlags,
): Promise<{ readonly username: string; readonly password: string }> {
  const { stdin, stderr } = context;
  if (flags.passwordStdin) {
    if (!flags.username) throw usageError('--password-stdin needs a user name.', 'Add -u NAME.');
    return { username: flags.username, password: await readPassword(stdin) };
  }
  if (!stdin.isTTY || !stderr.isTerminal) {
    throw usageError('A login cannot be asked for without a terminal.', 'Use -u NAME --password-stdin.');
  }
  const username = flags.username ?? (await ask(context, `Username for ${registry}: `, true));
  const password = await ask(context, 'Password: ', false);
  if (username === '' || password === '') {
    throw new KnownError('CREDENTIALS_INVALID', 'A login needs a user name and a password.');
  }
  return { username, password };
}

const MAX_PASSWORD_BYTES = 64 * 1024;

/** The line that a pipe ends with is no part of it. */
async function readPassword(stdin: NodeJS.ReadStream): Promise<string> {
  let text = '';
  for await (const chunk of stdin) {
    text += String(chunk);
    if (text.length > MAX_PASSWORD_BYTES) throw usageError('Standard input is too long for a password.');
  }
  const password = text.replace(/\r?\n$/, '');
  if (password === '') throw usageError('Standard input has no password.');
  return password;
}

async function ask({ stdin, signal }: CommandContext, question: string, isShown: boolean): Promise<string> {
  let isMuted = false;
  const output = new Writable({
    write: (chunk, _encoding, done) => {
      if (!isMuted) process.stderr.write(chunk);
      done();
    },
  });
  const lines = createInterface({ input: stdin, output, terminal: true });
  try {
    const answer = lines.question(question, { signal });
    isMuted = !isShown;
    return (await answer).trim();
  } finally {
    lines.close();
    if (!isShown) process.stderr.write('\n');
  }
}
