import type { BuildOptions } from '../../build/build-options.ts';
import type { ExportSpec } from '../../build/export/export-spec.ts';
import type { CommandContext } from '../command.ts';
import { storeRoot } from '../store-root.ts';
import { parseAnnotation } from './annotation-flag.ts';
import { parseCacheFrom, parseCacheTo } from './cache-flag.ts';
import { usageError } from './csv-fields.ts';
import { oneOf } from './one-of.ts';
import { parseOutputFlag } from './output-flag.ts';
import { parseSecretFlag, parseSshFlag } from './secret-flag.ts';
import { parseAddHost, parseAssignment, parseSizeFlag, parseUlimit } from './value-flag.ts';

export const NETWORKS = ['default', 'host', 'none'] as const;
export const ISOLATIONS = ['auto', 'oci', 'namespaces', 'chroot'] as const;
export const ENTITLEMENTS = ['network.host', 'security.insecure'] as const;

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
  readonly cacheFrom: readonly string[];
  readonly cacheTo: readonly string[];
  readonly pull?: boolean;
  readonly platform: readonly string[];
  readonly network: string;
  readonly isolation: string;
  readonly addHost: readonly string[];
  readonly shmSize?: string;
  readonly ulimit: readonly string[];
  readonly allow: readonly string[];
  readonly allowSecretLeak?: boolean;
  readonly annotation: readonly string[];
  readonly output: readonly string[];
  readonly push?: boolean;
  readonly load?: boolean;
  readonly goCache: boolean;
  readonly progress: string;
  readonly quiet?: boolean;
  readonly iidfile?: string;
  readonly metadataFile?: string;
  readonly explain?: boolean;
  readonly call: string;
  readonly check?: boolean;
  readonly debug?: boolean;
  readonly maxSize?: string;
  readonly root?: string;
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
    buildContexts: namedContexts(flags.buildContext),
    secrets: flags.secret.map((value) => parseSecretFlag(value, env)),
    ssh: flags.ssh.map(parseSshFlag),
    useCache: flags.cache,
    cacheFrom: flags.cacheFrom.map(parseCacheFrom),
    cacheTo: flags.cacheTo.map(parseCacheTo),
    ignoreCacheOf: flags.cacheFilter.flatMap((value) => value.split(',')),
    pull: flags.pull ?? false,
    platform: onePlatform(flags.platform),
    network: oneOf('--network', flags.network, NETWORKS),
    isolation: oneOf('--isolation', flags.isolation, ISOLATIONS),
    extraHosts: flags.addHost.flatMap((value) => value.split(',')).map(parseAddHost),
    shmSizeBytes: flags.shmSize === undefined ? undefined : parseSizeFlag('--shm-size', flags.shmSize),
    ulimits: flags.ulimit.map(parseUlimit),
    allow: flags.allow.map((value) => oneOf('--allow', value, ENTITLEMENTS)),
    annotations: flags.annotation.flatMap(parseAnnotation),
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

/** @throws KnownError USAGE for several: each would be an image of its own. */
function onePlatform(values: readonly string[]): string | undefined {
  const [first, ...more] = new Set(values.flatMap((value) => value.split(',')).map((value) => value.trim()));
  if (more.length === 0) return first || undefined;
  throw usageError(
    `--platform names several platforms: ${[first, ...more].join(', ')}.`,
    'Build for one at a time, and push each under a name of its own.',
  );
}

function assignments(flag: string, values: readonly string[], env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    values.flatMap((value) => [parseAssignment(flag, value, env)].filter((pair) => pair !== undefined)),
  );
}

function namedContexts(values: readonly string[]): Record<string, string> {
  const lonely = values.find((value) => !value.includes('='));
  if (lonely === undefined) return assignments('--build-context', values, {});
  throw usageError(`--build-context ${lonely} says no place.`, `Write --build-context ${lonely}=PATH.`);
}

function exportSpecs(flags: BuildFlags): readonly ExportSpec[] {
  const specs = flags.output.map(parseOutputFlag);
  if (flags.push) specs.push(parseOutputFlag('type=registry'));
  if (flags.load || specs.length === 0) specs.unshift(parseOutputFlag('type=store'));
  return specs;
}
