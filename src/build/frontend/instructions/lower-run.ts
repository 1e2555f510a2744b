import { KnownError } from '../../../diagnostics/known-error.ts';
import type { SourceRange } from '../../../diagnostics/source-range.ts';
import type { RunInstruction } from '../../../dockerfile/ast.ts';
import type { Variables } from '../../../dockerfile/expand-word.ts';
import { createVertex } from '../../graph/create-vertex.ts';
import type { ExecOp, RunMount } from '../../graph/op.ts';
import { expandCommandForDisplay } from '../expand/expander.ts';
import { lowerMounts } from '../run/lower-mounts.ts';
import { runEnv } from '../run/run-env.ts';
import { runSandbox } from '../run/run-sandbox.ts';
import type { RunScript } from '../run/run-script.ts';
import { runScript } from '../run/run-script.ts';
import { nextStep } from '../stage/next-step.ts';
import type { StageState } from '../stage/stage-state.ts';
import { withLayer } from '../stage/stage-state.ts';
import { VertexInputs } from '../stage/vertex-inputs.ts';
import { normalizePath } from '../value/normalize-path.ts';
import type { InstructionContext, Lowering } from './lowering.ts';

const SANDBOX_HOSTNAME = 'BUILDKIT_SANDBOX_HOSTNAME';

export const lowerRun: Lowering<'RUN'> = (state, instruction, context) => {
  const inputs = new VertexInputs(state.root);
  const script = runScript(state, instruction.command);
  checkArgv(script.argv, instruction.range);
  const mounts = lowerMounts(instruction, { state, inputs, context });
  const op = execOp(state, { instruction, script, mounts }, context);
  const text = displayText(state, { instruction, script, mounts }, context);
  const { name, step, state: numbered } = nextStep(state, text, context);
  const vertex = createVertex({
    op,
    inputs: inputs.list(),
    origin: instruction.range,
    name,
    ...(step === undefined ? {} : { step }),
    ignoreCache: state.plan.ignoreCache,
  });
  return withLayer(numbered, `RUN ${commandForHistory(state, script.argv)} # buildkit`, vertex);
};

/** The kernel ends an argument at a zero byte: the step would run another command than the one that is written. */
function checkArgv(argv: readonly string[], range: SourceRange): void {
  if (!argv.some((word) => word.includes('\0'))) return;
  throw new KnownError('DOCKERFILE_INVALID_VALUE', 'the command of RUN holds a zero byte', { range });
}

interface RunParts {
  readonly instruction: RunInstruction;
  readonly script: RunScript;
  readonly mounts: readonly RunMount[];
}

function execOp(state: StageState, { instruction, script, mounts }: RunParts, context: InstructionContext): ExecOp {
  const { options } = context;
  const hostname = options.buildArgs[SANDBOX_HOSTNAME] || undefined;
  return {
    kind: 'exec',
    onScratch: state.root === undefined,
    argv: script.argv,
    ...runEnv(state, mounts, options.buildArgs),
    cwd: normalizePath('/', state.config.WorkingDir ?? '/'),
    user: state.config.User ?? '',
    mounts,
    ...runSandbox(instruction, options),
    ...(hostname === undefined ? {} : { hostname }),
    extraHosts: options.extraHosts,
    ...(options.shmSizeBytes ? { shmSizeBytes: options.shmSizeBytes } : {}),
    ulimits: options.ulimits,
    platform: state.platform,
    files: script.files,
  };
}

function displayText(
  state: StageState,
  { instruction, script, mounts }: RunParts,
  context: InstructionContext,
): string {
  const original = instruction.original.trim();
  const text = script.summary === undefined ? original : `${original} (${script.summary})`;
  return expandCommandForDisplay(text, withSecretsMasked(state, mounts), context);
}

/** A variable that a secret fills is shown as such: its value is not known here and would not be shown. */
function withSecretsMasked(state: StageState, mounts: readonly RunMount[]): Variables {
  const names = new Set(mounts.map((mount) => (mount.type === 'secret' ? mount.env : undefined)));
  return { get: (name) => (names.has(name) ? '****' : state.env.get(name)) };
}

/** The argv behind the build args with the values that the step sees: `|2 A=1 B=2 /bin/sh -c make`. */
function commandForHistory(state: StageState, argv: readonly string[]): string {
  const values = new Map(state.buildArgs.map(({ name, value }) => [name, state.env.get(name) ?? value ?? '']));
  const args = [...values].map(([name, value]) => `${name}=${value}`);
  return (args.length === 0 ? argv : [`|${args.length}`, ...args, ...argv]).join(' ');
}
