import type { ArgInstruction } from '../../../dockerfile/ast.ts';
import { checkSecretsUsed } from '../checks/secrets-used-in-arg-or-env.ts';
import { createExpander } from '../expand/expander.ts';
import type { StageBuildArg, StageState } from '../stage/stage-state.ts';
import { withEmptyHistory } from '../stage/stage-state.ts';
import type { InstructionContext, Lowering } from './lowering.ts';

/** Arguments that speak to the builder: they are no variables of the steps. */
const NOT_IN_ENV = new Set(['BUILDKIT_SBOM_SCAN_CONTEXT', 'BUILDKIT_SBOM_SCAN_STAGE']);

/** Each argument sees those before it. A value from the command line is taken as it is, a default is expanded. */
export const lowerArg: Lowering<'ARG'> = (state, instruction, context) => {
  let next = state;
  const declared: StageBuildArg[] = [];
  for (const arg of instruction.args) {
    checkSecretsUsed('ARG', { name: arg.name.text, range: instruction.range }, context);
    const buildArg = { name: arg.name.text, value: argValue(next, { instruction, arg }, context) };
    next = declareArg(next, buildArg);
    declared.push(buildArg);
  }
  const shown = declared.map(({ name, value }) => (value === undefined ? name : `${name}=${value}`));
  return withEmptyHistory(next, `ARG ${shown.join(' ')}`);
};

interface ArgDefinition {
  readonly instruction: ArgInstruction;
  readonly arg: ArgInstruction['args'][number];
}

function argValue(state: StageState, definition: ArgDefinition, context: InstructionContext): string | undefined {
  const { name, value } = definition.arg;
  const { buildArgs } = context.options;
  if (Object.hasOwn(buildArgs, name.text)) return buildArgs[name.text];
  if (value === undefined) return context.globalArgs.get(name.text);
  return createExpander(state, definition.instruction, context)(value.text);
}

function declareArg(state: StageState, arg: StageBuildArg): StageState {
  const visible = arg.value !== undefined && !NOT_IN_ENV.has(arg.name);
  const env = visible ? state.env.with(arg.name, arg.value) : state.env;
  return { ...state, env, buildArgs: [...state.buildArgs, arg] };
}
