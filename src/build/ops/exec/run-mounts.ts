import { assertNever } from '../../../diagnostics/assert-never.ts';
import { KnownError } from '../../../diagnostics/known-error.ts';
import type { ExecMount } from '../../../exec/executor.ts';
import { diffDirs } from '../../../rootfs/diff-dirs.ts';
import { type MountIdentity, mountFolder } from '../../cache/mount-folder.ts';
import type { ExecOp, RunMount } from '../../graph/op.ts';
import type { OpContext, SolvedInput } from '../../solver/op-runner.ts';
import { copyFiles, materialize } from '../materialize.ts';
import type { OpEnvironment } from '../op-environment.ts';
import { proxyAgent } from './agent-proxy.ts';
import { type HeldCacheMount, holdCacheMount } from './cache-mount.ts';
import type { LentSecret } from './find-secret-leaks.ts';
import { HeldResources } from './held-resources.ts';
import { createPrivateFile, type HeldPrivateFile, type PrivateFile } from './private-file.ts';

/** Mounts that an executor can make, and what has to be given back when the step has ended. */
export interface RealizedMounts extends AsyncDisposable {
  readonly mounts: readonly ExecMount[];
  /** `NAME=value` of secrets and the agent's socket: in the step's environment only. */
  readonly env: readonly string[];
  /** What the step was lent and must not leave in its layer. */
  readonly secrets: readonly LentSecret[];
  /**
   * To be called when the step runs and has its mounts: takes away what it needs no more, secrets first of all. undefined
   * when there is nothing of that kind.
   */
  readonly onStarted: (() => void) | undefined;
}

interface Realized {
  readonly mounts: readonly ExecMount[];
  readonly env: readonly string[];
  readonly secrets?: readonly LentSecret[];
}

type CacheRunMount = Extract<RunMount, { type: 'cache' }>;

interface Realization {
  readonly environment: OpEnvironment;
  readonly inputs: readonly SolvedInput[];
  readonly context: OpContext;
  readonly held: HeldResources;
  /** Files that lie on this machine until the step has mounted them. */
  readonly files: HeldPrivateFile[];
  /** Caches that the step holds already, by name. */
  readonly caches: Map<string, HeldCacheMount>;
}

const AGENT = 'SSH_AUTH_SOCK=';
const NOTHING: Realized = { mounts: [], env: [] };

/** Everything acquired so far is given back when one of the mounts fails. */
export async function realizeMounts(
  environment: OpEnvironment,
  op: ExecOp,
  step: { readonly inputs: readonly SolvedInput[]; readonly context: OpContext },
): Promise<RealizedMounts> {
  const held = new HeldResources();
  const files: HeldPrivateFile[] = [];
  const realization = { environment, ...step, held, files, caches: new Map<string, HeldCacheMount>() };
  try {
    const made: Realized[] = [];
    for (const mount of op.mounts) made.push(await realize(mount, realization));
    for (const { path, ...file } of op.files) made.push(fileMount(path, { ...file, uid: 0, gid: 0 }, realization));
    return {
      mounts: made.flatMap(({ mounts }) => mounts),
      env: made.flatMap(({ env }) => env).filter(isFirstAgent),
      secrets: made.flatMap(({ secrets }) => secrets ?? []),
      onStarted: files.length === 0 ? undefined : () => removeAll(files),
      [Symbol.asyncDispose]: () => held[Symbol.asyncDispose](),
    };
  } catch (error) {
    await held[Symbol.asyncDispose]();
    throw error;
  }
}

/** Of several agents, SSH_AUTH_SOCK is the first. */
function isFirstAgent(assignment: string, index: number, all: readonly string[]): boolean {
  return !assignment.startsWith(AGENT) || all.findIndex((other) => other.startsWith(AGENT)) === index;
}

function removeAll(files: readonly HeldPrivateFile[]): void {
  for (const file of files) file.remove();
}

async function realize(mount: RunMount, realization: Realization): Promise<Realized> {
  switch (mount.type) {
    case 'bind':
      return bindMount(mount, realization);
    case 'cache':
      return cacheMount(mount, realization);
    case 'tmpfs':
      return {
        mounts: [{ type: 'tmpfs', target: mount.target, ...(mount.sizeBytes ? { sizeBytes: mount.sizeBytes } : {}) }],
        env: [],
      };
    case 'secret':
      return secretMount(mount, realization);
    case 'ssh':
      return sshMount(mount, realization);
    default:
      return assertNever(mount);
  }
}

/** Files of a context are made a snapshot first: with the owners they have in images, and without what .dockerignore hides. */
async function bindMount(
  mount: Extract<RunMount, { type: 'bind' }>,
  { environment, inputs, context }: Realization,
): Promise<Realized> {
  const input = inputs[mount.input];
  if (!input) throw new Error(`a RUN mount names input ${mount.input} of ${inputs.length}`);
  const snapshot = await materialize(environment, input, { path: mount.source, context });
  const type = mount.readWrite ? 'scratch-bind' : 'layers';
  return { mounts: [{ type, lowerDirs: diffDirs(snapshot), subpath: mount.source, target: mount.target }], env: [] };
}

async function cacheMount(mount: CacheRunMount, realization: Realization): Promise<Realized> {
  const { environment, inputs, caches } = realization;
  const seed = mount.from && inputs[mount.from.input];
  // Caches with different seeds are different caches.
  const seedKey = seed && `${seed.key.digest} ${mount.from?.source}`;
  const identity = { kind: 'cache', id: mount.id, ...(seedKey === undefined ? {} : { seedKey }) } as const;
  // However it is locked, a step shares a cache with itself.
  const folder = mountFolder(environment.mountsDir, identity);
  const cache = caches.get(folder) ?? (await openCache(mount, realization, identity));
  caches.set(folder, cache);
  return { mounts: [{ type: 'bind', source: cache.dir, target: mount.target, readOnly: mount.readOnly }], env: [] };
}

async function openCache(
  mount: CacheRunMount,
  { environment, inputs, context, held }: Realization,
  identity: MountIdentity,
): Promise<HeldCacheMount> {
  const { from } = mount;
  const seed = from && inputs[from.input];
  const cache = await holdCacheMount(mount, {
    root: environment.mountsDir,
    identity,
    fill: environment.fillMount,
    signal: context.signal,
    ...(from && seed
      ? { seed: (dir: string) => copyFiles(environment, seed, { path: from.source, context, directory: dir }) }
      : {}),
  });
  held.use(cache);
  return cache;
}

function secretMount(mount: Extract<RunMount, { type: 'secret' }>, realization: Realization): Realized {
  const value = realization.environment.secrets.read(mount.id);
  if (!value) {
    // A variable is there with nothing in it, as with BuildKit.
    if (!mount.required) return { ...NOTHING, env: mount.env === undefined ? [] : [`${mount.env}=`] };
    throw new KnownError('SECRET_MISSING', `The step needs secret "${mount.id}", which the build was not given.`, {
      hint: `Pass it with --secret id=${mount.id},src=FILE or --secret id=${mount.id},env=NAME.`,
    });
  }
  const env = mount.env === undefined ? [] : [`${mount.env}=${value.toString()}`];
  const file =
    mount.target === undefined ? NOTHING : fileMount(mount.target, { ...mount, content: value }, realization);
  return { mounts: file.mounts, env, secrets: [{ id: mount.id, value }] };
}

async function sshMount(
  mount: Extract<RunMount, { type: 'ssh' }>,
  { environment, held }: Realization,
): Promise<Realized> {
  const socket = await environment.agentSocket(mount.id);
  if (!socket) {
    if (!mount.required) return NOTHING;
    throw new KnownError('SSH_MISSING', `The step needs ssh agent "${mount.id}", which the build was not given.`, {
      hint: `Pass it with --ssh ${mount.id}${mount.id === 'default' ? '' : '=PATH'}.`,
    });
  }
  held.use(socket);
  const proxy = await proxyAgent(socket.path, mount);
  held.use(proxy);
  return {
    mounts: [{ type: 'bind', source: proxy.path, target: mount.target, readOnly: false }],
    env: [AGENT + mount.target],
  };
}

function fileMount(target: string, content: PrivateFile, { held, files }: Realization): Realized {
  const file = createPrivateFile(content);
  held.defer(() => file.remove());
  files.push(file);
  return { mounts: [{ type: 'bind', source: file.path, target, readOnly: true }], env: [] };
}
