import type { Command } from 'commander';
import type { BuildOptions } from '../../build/build-options.ts';
import type { ExportSpec } from '../../build/export/export-spec.ts';
import type { CommandContext } from '../command.ts';
import { PROGRESS_KINDS } from '../render/progress.ts';
import { storeRoot } from '../store-root.ts';
import { collect } from './common-flags.ts';
import { oneOf } from './one-of.ts';
import { parseOutputFlag } from './output-flag.ts';
import { parseSecretFlag, parseSshFlag } from './secret-flag.ts';
import { parseAddHost, parseAssignment, parseSizeFlag, parseUlimit } from './value-flag.ts';

/** The flags as commander hands them over. */
export interface BuildFlags {
  readonly file?: string;
  readonly tag: readonly string[];
  readonly target?: string;
  readonly buildArg: readonly string[];
  readonly label: readonly string[];
  readonly secret: readonly string[];
  readonly ssh: readonly string[];
  readonly buildContext: readonly string[];
  readonly cache: boolean;
  /** --no-cache-filter: commander takes `no-` for a negation. */
  readonly cacheFilter: readonly string[];
  readonly pull?: boolean;
  readonly platform?: string;
  readonly network: string;
  readonly isolation: string;
  readonly addHost: readonly string[];
  readonly shmSize?: string;
  readonly ulimit: readonly string[];
  readonly allow: readonly string[];
  readonly allowSecretLeak?: boolean;
  readonly output: readonly string[];
  readonly push?: boolean;
  readonly load?: boolean;
  readonly goCache: boolean;
  readonly progress: string;
  readonly quiet?: boolean;
  readonly iidfile?: string;
  readonly metadataFile?: string;
  readonly explain?: boolean;
  readonly root?: string;
}

/** Declares what `build` takes, for it and for what answers about builds without making them. */
export function buildFlags(command: Command): Command {
  command.argument('<context>', 'a directory, "-" (an archive on stdin), a git or http(s) URL');
  inputFlags(command);
  stepFlags(command);
  resultFlags(command);
  return command;
}

/** What the flags ask for. @throws KnownError USAGE */
export function toBuildOptions(context: CommandContext, path: string, flags: BuildFlags): BuildOptions {
  const { env, cwd } = context;
  return {
    storeRoot: storeRoot(env, flags.root),
    context: path,
    dockerfile: flags.file,
    tags: flags.tag,
    target: flags.target,
    buildArgs: assignments('--build-arg', flags.buildArg, env),
    labels: assignments('--label', flags.label, {}),
    buildContexts: assignments('--build-context', flags.buildContext, {}),
    secrets: flags.secret.map((value) => parseSecretFlag(value, env)),
    ssh: flags.ssh.map(parseSshFlag),
    useCache: flags.cache,
    ignoreCacheOf: flags.cacheFilter.flatMap((value) => value.split(',')),
    pull: flags.pull ?? false,
    platform: flags.platform,
    network: oneOf('--network', flags.network, ['default', 'host', 'none']),
    isolation: oneOf('--isolation', flags.isolation, ['auto', 'oci', 'namespaces', 'chroot']),
    extraHosts: flags.addHost.map(parseAddHost),
    shmSizeBytes: flags.shmSize === undefined ? undefined : parseSizeFlag('--shm-size', flags.shmSize),
    ulimits: flags.ulimit.map(parseUlimit),
    allow: flags.allow,
    allowSecretLeak: flags.allowSecretLeak ?? false,
    exports: exportSpecs(flags),
    useGoCache: flags.goCache,
    cwd,
    env,
    stdin: context.stdin,
    stdout: process.stdout,
    signal: context.signal,
  };
}

function inputFlags(command: Command): void {
  command
    .option('-f, --file <path>', 'Dockerfile to build ("-": stdin; default: Dockerfile in the context)')
    .option('--target <stage>', 'stage to build (default: the last one)')
    .option('--build-arg <name=value>', 'set a build argument (repeatable)', collect, [])
    .option(
      '--build-context <name=value>',
      'named context: directory, docker-image://ref, oci-layout://path',
      collect,
      [],
    )
    .option('--secret <spec>', 'secret for RUN --mount=type=secret: id=x,src=file or id=x,env=NAME', collect, [])
    .option('--ssh <spec>', 'agent or keys for RUN --mount=type=ssh: default or id=path', collect, [])
    .option('--platform <platform>', "platform to build for (default: this machine's)")
    .option('--pull', 'look for newer versions of the base images');
}

function stepFlags(command: Command): void {
  command
    .option('--no-cache', 'run every step anew')
    .option('--no-cache-filter <stages>', 'run the steps of these stages anew', collect, [])
    .option('--no-go-cache', "do not give the project's Go build cache to steps that compile Go")
    .option('--network <mode>', 'network of RUN steps: default, host, none', 'default')
    .option('--isolation <kind>', 'how RUN steps are isolated: auto, oci, namespaces, chroot', 'auto')
    .option('--add-host <name:address>', 'extra line for /etc/hosts of RUN steps', collect, [])
    .option('--shm-size <size>', 'size of /dev/shm in RUN steps')
    .option('--ulimit <name=soft:hard>', 'limit for RUN steps', collect, [])
    .option('--allow <entitlement>', 'grant network.host or security.insecure', collect, [])
    .option('--allow-secret-leak', 'push an image although a step wrote a secret into a layer');
}

function resultFlags(command: Command): void {
  command
    .option('-t, --tag <name>', 'name of the image (repeatable)', collect, [])
    .option('--label <name=value>', 'set a label on the image', collect, [])
    .option(
      '-o, --output <spec>',
      'type=store|oci|docker|local|tar|registry[,dest=…][,name=…][,push=true]',
      collect,
      [],
    )
    .option('--push', 'push the image: -o type=registry')
    .option('--load', 'keep the image in the store: -o type=store (the default)')
    .option('--iidfile <path>', 'write the image id to a file')
    .option('--metadata-file <path>', 'write what was built to a file, as JSON')
    .option('--progress <kind>', PROGRESS_KINDS.join(', '), 'auto')
    .option('-q, --quiet', 'print only the image id')
    .option('--explain', 'say afterwards why steps ran, what it cost and what would have avoided it')
    .option('--root <path>', 'folder of the store');
}

function assignments(flag: string, values: readonly string[], env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    values.flatMap((value) => [parseAssignment(flag, value, env)].filter((pair) => pair !== undefined)),
  );
}

function exportSpecs(flags: BuildFlags): readonly ExportSpec[] {
  const specs = flags.output.map(parseOutputFlag);
  if (flags.push) specs.push(parseOutputFlag('type=registry'));
  if (flags.load || specs.length === 0) specs.unshift(parseOutputFlag('type=store'));
  return specs;
}
