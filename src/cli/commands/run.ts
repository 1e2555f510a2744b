import type { Command } from 'commander';
import type { RunOptions } from '../../container/run-options.ts';
import { KnownError } from '../../diagnostics/known-error.ts';
import type { CommandContext, CommandModule } from '../command.ts';
import { usageError } from '../flags/csv-fields.ts';
import { readEnvFile } from '../flags/env-file.ts';
import { foreignRunFlags } from '../flags/foreign-run-flags.ts';
import { parseTmpfs, parseVolume } from '../flags/mount-flags.ts';
import { oneOf } from '../flags/one-of.ts';
import { parseAddHost, parseAssignment, parseSizeFlag, parseUlimit } from '../flags/value-flag.ts';
import { storeRoot } from '../store-root.ts';

interface RunFlags {
  readonly interactive?: boolean;
  readonly tty?: boolean;
  readonly env: readonly string[];
  readonly envFile: readonly string[];
  readonly volume: readonly string[];
  readonly tmpfs: readonly string[];
  readonly readOnly?: boolean;
  readonly workdir?: string;
  readonly user?: string;
  readonly entrypoint?: string;
  readonly name?: string;
  readonly hostname?: string;
  readonly memory?: string;
  readonly cpus?: string;
  readonly pidsLimit?: string;
  readonly ulimit: readonly string[];
  readonly shmSize?: string;
  readonly network: string;
  readonly addHost: readonly string[];
  readonly privileged?: boolean;
  readonly isolation: string;
  readonly platform?: string;
  readonly pull: string;
  readonly stopTimeout: string;
  readonly root?: string;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGWINCH'] as const;

export const command: CommandModule = {
  configure(command) {
    command.argument('<image>', 'a name or an id').argument('[command...]', "what to run in place of the image's Cmd");
    // Flags after the image belong to the command that runs in it.
    command.passThroughOptions();
    processFlags(command);
    sandboxFlags(command);
    foreignRunFlags(command).addHelpText('after', EXAMPLES);
  },

  async run(context, [image = '', ...args], options) {
    const flags = options as unknown as RunFlags;
    try {
      return await runImage(context, await toRunOptions(context, { image, args, flags }), flags);
    } catch (error) {
      throw error instanceof KnownError && error.exitCode === 1 ? withExitCode(error, 125) : error;
    }
  },
};

function processFlags(command: Command): void {
  command
    .optionsGroup('The process:')
    .option('-i, --interactive', 'connect standard input')
    .option('-t, --tty', 'give the container a terminal')
    .option('--rm', 'remove the container when it ends (always so: nothing of it is kept)')
    .option('--name <name>', 'name of the container while it runs')
    .option('-e, --env <name=value>', 'set a variable; NAME alone takes it from the environment', collect, [])
    .option('--env-file <path>', 'read variables from a file', collect, [])
    .option('-w, --workdir <path>', 'working directory')
    .option('-u, --user <user[:group]>', 'user to run as')
    .option('--entrypoint <program>', "replace the image's Entrypoint")
    .option('--stop-timeout <seconds>', 'time to stop gracefully before it is killed', '10');
}

function sandboxFlags(command: Command): void {
  command
    .optionsGroup('Its surroundings:')
    .option('-v, --volume <source:target[:ro]>', 'a file or directory of this machine', collect, [])
    .option('--tmpfs <target[:options]>', 'a file system in memory', collect, [])
    .option('--read-only', 'the root file system may not be written')
    .option('--network <mode>', 'host or none', 'host')
    .option('--add-host <name:address>', 'extra line for /etc/hosts', collect, [])
    .option('--hostname <name>', 'host name in the container')
    .option('-m, --memory <size>', 'limit of memory')
    .option('--cpus <number>', 'limit of CPUs')
    .option('--pids-limit <number>', 'limit of processes')
    .option('--ulimit <name=soft:hard>', 'resource limit', collect, [])
    .option('--shm-size <size>', 'size of /dev/shm')
    .option('--privileged', 'all capabilities, no masked paths')
    .option('--isolation <kind>', 'auto, oci, namespaces, chroot', 'auto')
    .option('--platform <platform>', 'platform of the image')
    .option('--pull <policy>', 'always, missing, never', 'missing')
    .option('--root <path>', 'folder of the store');
}

const EXAMPLES = `
Examples:
  slipway run --rm hello
  slipway run -it --rm -v ./src:/src:ro busybox sh`;

function collect(value: string, all: readonly string[]): readonly string[] {
  return [...all, value];
}

interface Asked {
  readonly image: string;
  readonly args: readonly string[];
  readonly flags: RunFlags;
}

async function toRunOptions({ env, cwd, stdin }: CommandContext, { image, args, flags }: Asked): Promise<RunOptions> {
  const { hostPlatform, parsePlatform } = await import('../../image/parse-platform.ts');
  if (flags.tty && flags.interactive && !stdin.isTTY)
    throw usageError('The input device is not a terminal.', 'Leave -t away, or run it in a terminal.');
  return {
    image,
    command: args,
    entrypoint: flags.entrypoint,
    env: [
      ...flags.envFile.flatMap((path) => readEnvFile(path, env)),
      ...flags.env.flatMap((value) => parseAssignment('-e', value, env)?.join('=') ?? []),
    ],
    volumes: flags.volume.map((value) => parseVolume(value, cwd)),
    tmpfs: flags.tmpfs.map(parseTmpfs),
    readOnly: flags.readOnly ?? false,
    workdir: flags.workdir,
    user: flags.user,
    name: flags.name,
    hostname: flags.hostname,
    limits: limitsOf(flags),
    network: oneOf('--network', flags.network, ['host', 'none']),
    extraHosts: flags.addHost.map(parseAddHost),
    shmSizeBytes: flags.shmSize === undefined ? undefined : parseSizeFlag('--shm-size', flags.shmSize),
    privileged: flags.privileged ?? false,
    stdin: flags.interactive ?? false,
    terminal: flags.tty ?? false,
    terminalSize: process.stdout.isTTY ? process.stdout : undefined,
    isolation: oneOf('--isolation', flags.isolation, ['auto', 'oci', 'namespaces', 'chroot']),
    platform: flags.platform === undefined ? hostPlatform() : parsePlatform(flags.platform),
    pull: oneOf('--pull', flags.pull, ['always', 'missing', 'never']),
    stopTimeoutMs: positiveNumber('--stop-timeout', flags.stopTimeout) * 1000,
  };
}

function limitsOf(flags: RunFlags): RunOptions['limits'] {
  return {
    ...(flags.memory === undefined ? {} : { memoryBytes: parseSizeFlag('--memory', flags.memory) }),
    ...(flags.cpus === undefined ? {} : { cpus: positiveNumber('--cpus', flags.cpus) }),
    ...(flags.pidsLimit === undefined ? {} : { pids: positiveNumber('--pids-limit', flags.pidsLimit) }),
    ulimits: flags.ulimit.map(parseUlimit),
  };
}

function positiveNumber(flag: string, value: string): number {
  const number = Number(value);
  if (Number.isFinite(number) && number >= 0 && value.trim() !== '') return number;
  throw usageError(`${flag} ${JSON.stringify(value)} is no number.`);
}

async function runImage({ env, stderr }: CommandContext, options: RunOptions, flags: RunFlags): Promise<number> {
  const [{ runContainer }, { openStore }, { RegistryAccess }] = await Promise.all([
    import('../../container/run-container.ts'),
    import('../../distribution/store.ts'),
    import('../../distribution/registry-access.ts'),
  ]);
  await using registry = new RegistryAccess(env);
  const beforeStart = new AbortController();
  const signals = new SignalRelay(beforeStart);
  try {
    return await runContainer(options, {
      store: openStore(storeRoot(env, flags.root)),
      registry,
      signal: beforeStart.signal,
      onSignal: (send) => signals.sendTo(send),
      warn: (text) => stderr.write(`${stderr.colors.yellow('warning')}: ${text}\n`),
      onPull: (reference) => stderr.write(`Unable to find image "${reference}" in the store: pulling it\n`),
    });
  } finally {
    signals.stop();
  }
}

/** Until the container runs, a signal ends the command; from then on signals belong to the container. */
class SignalRelay {
  readonly #beforeStart: AbortController;
  readonly #listeners = new Map<NodeJS.Signals, () => void>();
  #send: ((signal: NodeJS.Signals) => void) | undefined;

  constructor(beforeStart: AbortController) {
    this.#beforeStart = beforeStart;
    for (const name of SIGNALS) {
      // The command's own way of stopping does not fit a container that has to end by itself.
      process.removeAllListeners(name);
      const listener = () => this.#handle(name);
      this.#listeners.set(name, listener);
      process.on(name, listener);
    }
  }

  sendTo(send: (signal: NodeJS.Signals) => void): void {
    this.#send = send;
  }

  stop(): void {
    for (const [name, listener] of this.#listeners) process.off(name, listener);
  }

  #handle(name: NodeJS.Signals): void {
    if (this.#send) this.#send(name);
    else if (name === 'SIGINT' || name === 'SIGTERM' || name === 'SIGHUP') {
      this.#beforeStart.abort(new KnownError('BUILD_CANCELLED', `Stopped by ${name}.`, { exitCode: 130 }));
    }
  }
}

function withExitCode(error: KnownError, exitCode: number): KnownError {
  const { code, message, hint, details, cause } = error;
  return new KnownError(code, message, { hint, details, cause, exitCode });
}
