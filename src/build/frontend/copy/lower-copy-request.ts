import { createVertex } from '../../graph/create-vertex.ts';
import type { CopyOp } from '../../graph/op.ts';
import type { Vertex } from '../../graph/vertex.ts';
import { expandForDisplay } from '../expand/expander.ts';
import type { InstructionContext } from '../instructions/lowering.ts';
import type { NextStep } from '../stage/next-step.ts';
import { nextStep } from '../stage/next-step.ts';
import type { StageState } from '../stage/stage-state.ts';
import { withLayer } from '../stage/stage-state.ts';
import { VertexInputs } from '../stage/vertex-inputs.ts';
import { normalizeDestination } from '../value/normalize-path.ts';
import { checkChmod } from './check-chmod.ts';
import { checkChownOnScratch } from './check-chown.ts';
import type { CopyRequest } from './copy-request.ts';
import { copySources } from './copy-sources.ts';

/** COPY and ADD alike. With --link the files are a layer of their own that is laid on the root; not with --chmod. */
export function lowerCopyRequest(state: StageState, request: CopyRequest, context: InstructionContext): StageState {
  checkChmod(request);
  const named = nextStep(state, expandForDisplay(state, request.instruction, context), context);
  const linked = request.link && request.chmod === '';
  const copy = copyVertex(linked ? undefined : state.root, { state, request, named });
  const result = linked && state.root !== undefined ? mergeVertex([state.root, copy], { state, named }) : copy;
  return withLayer(named.state, `${describe(request)} # buildkit`, result);
}

interface CopyStep {
  readonly state: StageState;
  readonly request: CopyRequest;
  readonly named: NextStep;
}

function copyVertex(root: Vertex | undefined, { state, request, named }: CopyStep): Vertex {
  if (root === undefined) checkChownOnScratch(request);
  const inputs = new VertexInputs(root);
  const op: CopyOp = {
    kind: 'copy',
    onScratch: root === undefined,
    sources: copySources({ request, inputs, name: named.name }),
    destination: normalizeDestination(state.config.WorkingDir ?? '/', request.destination),
    ...(request.chown === '' ? {} : { chown: request.chown }),
    ...(request.chmod === '' ? {} : { chmod: request.chmod }),
    parents: request.parents,
    exclude: request.exclude,
  };
  return createVertex({
    op,
    inputs: inputs.list(),
    origin: request.instruction.range,
    name: named.name,
    ...(named.step === undefined ? {} : { step: named.step }),
    ignoreCache: state.plan.ignoreCache,
  });
}

/** The second half of a linked copy. It is the same step, under the name that BuildKit gives it. */
function mergeVertex(inputs: readonly [Vertex, Vertex], { state, named }: Omit<CopyStep, 'request'>): Vertex {
  const { origin } = inputs[1];
  const text = `LINK ${named.step?.text ?? named.name}`;
  return createVertex({
    op: { kind: 'merge' },
    inputs,
    origin,
    name: named.step === undefined ? text : named.name.replace(/^(\[.*?\]) /, '$1 LINK '),
    ...(named.step === undefined ? {} : { step: named.step }),
    ignoreCache: state.plan.ignoreCache,
  });
}

/** As the history has it: without --from and --link, the sources expanded. */
function describe(request: CopyRequest): string {
  return [
    request.instruction.kind,
    ...(request.parents ? ['--parents'] : []),
    ...(request.chown === '' ? [] : [`--chown=${request.chown}`]),
    ...(request.chmod === '' ? [] : [`--chmod=${request.chmod}`]),
    ...request.sources,
    ...request.documents.map(({ name }) => `<<${name}`),
    request.destination,
  ].join(' ');
}
