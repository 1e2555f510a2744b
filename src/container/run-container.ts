/**
 * Runs an image in the foreground: its root filesystem with a layer of its own on top, one process, its exit code.
 * What surprises: nothing of the container is kept when it ends, because there is no daemon that could show it later.
 */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { KnownError } from '../diagnostics/known-error.ts';
import { pullImage } from '../distribution/pull-image.ts';
import type { RegistryAccess } from '../distribution/registry-access.ts';
import type { Store } from '../distribution/store.ts';
import { useStore } from '../distribution/store-use.ts';
import { unpackImage } from '../distribution/unpack-image.ts';
import type { ExecMount, ExecResult, ExecSpec } from '../exec/executor.ts';
import { selectExecutor } from '../exec/select-executor.ts';
import { snapshotterFor } from '../exec/snapshotter-for.ts';
import type { ContainerConfig } from '../image/image-config.ts';
import { parseReference, withDefaultTag } from '../image/reference.ts';
import { requireImage, resolveImage } from '../image/store/resolve-image.ts';
import type { StoredImage } from '../image/store/stored-image.ts';
import { openLayeredView } from '../rootfs/layered-view.ts';
import { resolveUser } from '../rootfs/resolve-user.ts';
import type { Snapshot } from '../rootfs/snapshot.ts';
import { containerArgv, containerEnv, containerWorkdir } from './container-process.ts';
import { type ContainerRecord, holdContainer } from './container-state.ts';
import type { RunOptions } from './run-options.ts';

export interface RunEnvironment {
  readonly store: Store;
  readonly registry: RegistryAccess;
  /** Aborting it kills the container. */
  readonly signal: AbortSignal;
  /** Asks for a function that is called with each signal the container should get. */
  onSignal?(send: (signal: NodeJS.Signals) => void): void;
  /** Something the user should know, in a sentence. */
  warn(text: string): void;
  onPull?(reference: string): void;
}

/**
 * Resolves to the container's exit code; 126 and 127 when its program could not be started, as with docker.
 * @throws KnownError with exit code 125 for whatever kept the container from being made.
 */
export async function runContainer(options: RunOptions, environment: RunEnvironment): Promise<number> {
  const { store, signal } = environment;
  // Until the container stands in the store as one that runs this image, nothing else keeps prune from the image.
  using starting = await useStore(store.root, signal);
  const image = await findImage(options, environment);
  store.images.noteUse(image.id);
  const { config } = store.images.config(image.id);
  const snapshot = await unpackImage(store, image, { client: environment.registry, signal });
  using container = await holdContainer(store.root, image.id, options.name);
  const executor = await selectExecutor(options.isolation, { memoryDir: join(store.root, 'cache') });
  await using active = await snapshotterFor(store, executor).prepare(snapshot);
  starting[Symbol.dispose]();
  const spec = containerSpec(options, { config, container: container.record, snapshot });
  const result = await executor.run({ ...spec, root: active.rootMount }, signal, {
    onStarted: (send) => environment.onSignal?.(stopper(config, options, { send, environment })),
  });
  for (const warning of result.warnings) environment.warn(warning);
  if (result.startFailure !== undefined) throw startFailure(result);
  return result.exitCode;
}

async function findImage({ image, platform, pull }: RunOptions, environment: RunEnvironment): Promise<StoredImage> {
  const { store, registry, signal } = environment;
  const stored = pull === 'always' ? undefined : resolveImage(store.images, image, platform)?.image;
  if (stored) return stored;
  if (pull === 'never') return requireImage(store.images, image, platform).image;
  const reference = withDefaultTag(parseReference(image));
  environment.onPull?.(image);
  return pullImage(store, await registry.client(), { reference, platform, signal });
}

interface SpecOf {
  readonly config: ContainerConfig;
  readonly container: ContainerRecord;
  readonly snapshot: Snapshot | undefined;
}

function containerSpec(options: RunOptions, { config, container, snapshot }: SpecOf): Omit<ExecSpec, 'root'> {
  const hostname = options.hostname ?? container.id.slice(0, 12);
  const view = openLayeredView(snapshot, `image ${options.image}`);
  return {
    id: `slipway-${container.id.slice(0, 20)}`,
    readOnlyRoot: options.readOnly,
    argv: containerArgv(config, options),
    env: containerEnv(config, hostname, options),
    cwd: containerWorkdir(config, options),
    user: resolveUser(view, options.user ?? config.User ?? ''),
    mounts: [...options.tmpfs.map(tmpfsMount), ...options.volumes.map(bindMount)],
    network: options.network,
    security: options.privileged ? 'insecure' : 'sandbox',
    hostname,
    extraHosts: options.extraHosts,
    ...(options.shmSizeBytes === undefined ? {} : { shmSizeBytes: options.shmSizeBytes }),
    limits: options.limits,
    stdio: { kind: 'inherit', stdin: options.stdin, terminal: options.terminal, terminalSize: options.terminalSize },
  };
}

function bindMount({ source, target, readOnly }: RunOptions['volumes'][number]): ExecMount {
  return { type: 'bind', source, target, readOnly };
}

function tmpfsMount(mount: RunOptions['tmpfs'][number]): ExecMount {
  return { type: 'tmpfs', ...mount };
}

interface Stopping {
  readonly send: (signal: NodeJS.Signals) => void;
  readonly environment: RunEnvironment;
}

/**
 * Passes signals on. One that asks to end becomes the image's StopSignal when that is another, and is followed by SIGKILL when
 * the grace period is over; asked a second time, the container is killed at once.
 */
function stopper(
  config: ContainerConfig,
  { stopTimeoutMs }: RunOptions,
  { send, environment }: Stopping,
): (signal: NodeJS.Signals) => void {
  let stopping = false;
  return (signal) => {
    if (signal !== 'SIGINT' && signal !== 'SIGTERM') return send(signal);
    if (stopping) return send('SIGKILL');
    stopping = true;
    send(signal === 'SIGTERM' ? stopSignal(config) : signal);
    void delay(stopTimeoutMs, undefined, { ref: false, signal: environment.signal }).then(
      () => send('SIGKILL'),
      () => undefined,
    );
  };
}

function stopSignal({ StopSignal }: ContainerConfig): NodeJS.Signals {
  if (!StopSignal) return 'SIGTERM';
  return (StopSignal.startsWith('SIG') ? StopSignal : `SIG${StopSignal}`) as NodeJS.Signals;
}

function startFailure({ exitCode, startFailure: message = '' }: ExecResult): KnownError {
  return exitCode === 127
    ? new KnownError('COMMAND_NOT_FOUND', message, { hint: 'Check its spelling and that the image has it.', exitCode })
    : new KnownError('COMMAND_NOT_EXECUTABLE', message, {
        hint: 'Check its mode, its interpreter, and that it is made for this platform.',
        exitCode,
      });
}
