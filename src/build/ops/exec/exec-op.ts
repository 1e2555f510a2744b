/**
 * RUN: one process in the stage's root filesystem. Its key says what it depends on (exec-key.ts); a run prepares a
 * snapshot on the root, makes its mounts real (run-mounts.ts), runs the process and commits what it changed.
 */

import type { ExecMount, ExecSpec, Executor } from '../../../exec/executor.ts';
import { goCacheDir } from '../../../golang/go-cache-dir.ts';
import { goCommands } from '../../../golang/go-commands.ts';
import { goModCacheDir } from '../../../golang/go-mod-cache-dir.ts';
import { openLayeredView } from '../../../rootfs/layered-view.ts';
import { homeDirectory, resolveUser } from '../../../rootfs/resolve-user.ts';
import type { Snapshot } from '../../../rootfs/snapshot.ts';
import type { ExecOp } from '../../graph/op.ts';
import type { OpContext, OpRunner, SolvedInput } from '../../solver/op-runner.ts';
import type { OpEnvironment } from '../op-environment.ts';
import { sourceDigest } from '../source-tree.ts';
import { execKey } from './exec-key.ts';
import { findSecretLeaks, type LentSecret } from './find-secret-leaks.ts';
import { holdGoCache } from './go-cache-mount.ts';
import { type GoModulesRequest, goModules } from './go-modules.ts';
import { OutputMask } from './output-mask.ts';
import { OutputTail, RunFailedError } from './run-failed-error.ts';
import { realizeMounts } from './run-mounts.ts';

export function execOp(environment: OpEnvironment): OpRunner<'exec'> {
  return {
    contentInputs: (op) => mountInputs(op),

    async cacheKey(op, inputs, context) {
      const binds = op.mounts.filter((mount) => mount.type === 'bind');
      const digests = await Promise.all(
        binds.map((mount) =>
          sourceDigest(environment, inputAt(inputs, mount.input), {
            request: { pattern: mount.source, literal: true },
            context,
          }),
        ),
      );
      const seeds = op.mounts.flatMap((mount) =>
        mount.type === 'cache' && mount.from ? [inputAt(inputs, mount.from.input)] : [],
      );
      const root = op.onScratch ? [] : inputs.slice(0, 1);
      return execKey(
        op,
        [...root, ...seeds].map(({ key }) => key.digest),
        digests,
      );
    },

    async run(op, inputs, context) {
      const parent = op.onScratch ? undefined : await inputs[0]?.snapshot();
      const executor = await environment.executor();
      await using active = await environment.snapshotterFor(executor).prepare(parent);
      await using mounts = await realizeMounts(environment, op, { inputs, context });
      const step = describeStep(op, parent);
      await using goCache = await holdGoCache(environment, goCacheTarget(op, step), context);
      const modules = await goModules(environment, goModulesRequest(op, step), context);
      const spec = execSpec(op, context, {
        ...step,
        mounts: [...mounts.mounts, ...goCache.mounts, ...modules.mounts],
        extraEnv: [...mounts.env, ...modules.env],
      });
      const { onStarted, secrets } = mounts;
      await runProcess(environment, { ...spec, root: active.rootMount }, { executor, context, onStarted, secrets });
      modules.keep(active);
      const snapshot = await active.commit();
      await tellLeaks(environment, snapshot, { secrets: mounts.secrets, context });
      return snapshot;
    },
  };
}

/** A secret in a layer stays there for everybody who gets the image, whatever later steps remove. */
async function tellLeaks(
  { recordLeaks }: OpEnvironment,
  snapshot: Snapshot,
  { secrets, context }: { readonly secrets: readonly LentSecret[]; readonly context: OpContext },
): Promise<void> {
  const leaks = findSecretLeaks(snapshot.diffDir, secrets);
  if (leaks.length === 0) return;
  for (const { secretId, path } of leaks) context.note(`the secret "${secretId}" is in the layer now: /${path}`);
  await recordLeaks(snapshot, leaks);
}

function mountInputs(op: ExecOp): number[] {
  return op.mounts.flatMap((mount) => {
    if (mount.type === 'bind') return [mount.input];
    return mount.type === 'cache' && mount.from ? [mount.from.input] : [];
  });
}

function inputAt(inputs: readonly SolvedInput[], index: number): SolvedInput {
  const input = inputs[index];
  if (!input) throw new Error(`a RUN mount names input ${index} of ${inputs.length}`);
  return input;
}

interface Step {
  readonly user: ExecSpec['user'];
  readonly env: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
}

/** Who runs it, and HOME as runtimes set it where nothing else does. */
function describeStep(op: ExecOp, parent: Snapshot | undefined): Step {
  const view = openLayeredView(parent, 'the stage');
  const user = resolveUser(view, op.user);
  const home = op.env.some((assignment) => assignment.startsWith('HOME='))
    ? []
    : [`HOME=${homeDirectory(view, user.uid)}`];
  const env = [...op.env, ...home];
  return { user, env, variables: Object.fromEntries(env.map(splitAssignment)) };
}

function splitAssignment(assignment: string): [string, string] {
  const equals = assignment.indexOf('=');
  return equals < 0 ? [assignment, ''] : [assignment.slice(0, equals), assignment.slice(equals + 1)];
}

/** Where Go's build cache would lie, for a step that compiles and has no mount of its own there. */
function goCacheTarget(op: ExecOp, { variables, user }: Step) {
  if (!goCommands(op.argv).compiles) return undefined;
  const target = goCacheDir(variables, undefined);
  if (!target || hasMountAt(op, target)) return undefined;
  return { target, user, goVersion: variables.GOLANG_VERSION ?? '', platform: op.platform };
}

/** Where go keeps modules, for a step that may download some and has no mount of its own there. */
function goModulesRequest(op: ExecOp, { variables }: Step): GoModulesRequest | undefined {
  const { compiles, fetchesModules } = goCommands(op.argv);
  if (!fetchesModules || op.network === 'none') return undefined;
  const modCacheDir = goModCacheDir(variables, undefined);
  if (!modCacheDir || hasMountAt(op, modCacheDir)) return undefined;
  return { modCacheDir, goProxy: variables['GOPROXY'], announce: !compiles };
}

function hasMountAt(op: ExecOp, path: string): boolean {
  return op.mounts.some((mount) => 'target' in mount && mount.target !== undefined && covers(mount.target, path));
}

function covers(mountTarget: string, path: string): boolean {
  return path === mountTarget || path.startsWith(`${mountTarget.replace(/\/+$/, '')}/`);
}

function execSpec(
  op: ExecOp,
  context: OpContext,
  step: Step & { readonly mounts: readonly ExecMount[]; readonly extraEnv: readonly string[] },
): Omit<ExecSpec, 'root' | 'stdio'> {
  return {
    id: `slipway-${context.vertex.digest.slice('sha256:'.length, 'sha256:'.length + 12)}-${process.pid}`,
    readOnlyRoot: false,
    argv: op.argv,
    env: overridden(step.env, step.extraEnv),
    cwd: op.cwd,
    user: step.user,
    mounts: step.mounts,
    network: op.network === 'none' ? 'none' : 'host',
    security: op.security,
    hostname: op.hostname ?? 'buildkitsandbox',
    extraHosts: op.extraHosts,
    ...(op.shmSizeBytes === undefined ? {} : { shmSizeBytes: op.shmSizeBytes }),
    limits: { ulimits: op.ulimits },
  };
}

/** A variable stands once: programs differ in which of two they read. */
function overridden(env: readonly string[], by: readonly string[]): readonly string[] {
  const names = new Set(by.map((assignment) => splitAssignment(assignment)[0]));
  return [...env.filter((assignment) => !names.has(splitAssignment(assignment)[0])), ...by];
}

interface RunProcess {
  readonly executor: Executor;
  readonly context: OpContext;
  readonly onStarted: (() => void) | undefined;
  /** Taken out of the output. */
  readonly secrets: readonly LentSecret[];
}

async function runProcess(
  environment: OpEnvironment,
  spec: Omit<ExecSpec, 'stdio'>,
  { executor, context, onStarted, secrets }: RunProcess,
): Promise<void> {
  const tail = new OutputTail();
  const masks = { stdout: new OutputMask(secrets), stderr: new OutputMask(secrets) };
  const show = (stream: 'stdout' | 'stderr', chunk: Buffer): void => {
    if (chunk.length === 0) return;
    tail.push(chunk);
    context.log(stream, chunk);
  };
  const stdio = {
    kind: 'capture',
    onOutput: (stream: 'stdout' | 'stderr', chunk: Buffer) => show(stream, masks[stream].push(chunk)),
  } as const;
  const { exitCode, warnings, startFailure } = await executor.run(
    { ...spec, stdio },
    context.signal,
    onStarted && { onStarted },
  );
  for (const stream of ['stdout', 'stderr'] as const) show(stream, masks[stream].end());
  for (const warning of warnings) context.note(warning);
  if (exitCode !== 0) {
    throw new RunFailedError({
      argv: spec.argv,
      exitCode,
      startFailure,
      output: tail.bytes(),
      logPath: environment.logPath(context),
    });
  }
}
