import { createVertex } from '../../graph/create-vertex.ts';
import { checkWorkdirRelativePath } from '../checks/workdir-relative-path.ts';
import { createExpander, expandForDisplay } from '../expand/expander.ts';
import { nextStep } from '../stage/next-step.ts';
import type { StageState } from '../stage/stage-state.ts';
import { withConfig, withEmptyHistory, withLayer } from '../stage/stage-state.ts';
import { joinWorkdir, normalizePath } from '../value/normalize-path.ts';
import type { InstructionContext, InstructionOf, Lowering } from './lowering.ts';

/** Makes the directory, which is a layer even where it is there already; `/` needs none. */
export const lowerWorkdir: Lowering<'WORKDIR'> = (state, instruction, context) => {
  const path = createExpander(state, instruction, context)(instruction.path.text);
  checkWorkdirRelativePath(state, { path, range: instruction.range }, context);
  const workdir = joinWorkdir(state.config.WorkingDir ?? '', path);
  const next = withConfig({ ...state, workdirSet: true }, { WorkingDir: workdir });
  const createdBy = `WORKDIR ${workdir}`;
  return workdir === '/'
    ? withEmptyHistory(next, createdBy)
    : makeDirectory(next, { instruction, createdBy, path: normalizePath('/', workdir) }, context);
};

interface Directory {
  readonly instruction: InstructionOf<'WORKDIR'>;
  readonly createdBy: string;
  readonly path: string;
}

function makeDirectory(state: StageState, directory: Directory, context: InstructionContext): StageState {
  const { instruction, createdBy, path } = directory;
  const user = state.config.User ?? '';
  const { name, step, state: numbered } = nextStep(state, expandForDisplay(state, instruction, context), context);
  const vertex = createVertex({
    op: {
      kind: 'mkdir',
      path,
      ...(user === '' ? {} : { user }),
      ...(context.epochSeconds === undefined ? {} : { epochSeconds: context.epochSeconds }),
    },
    inputs: state.root === undefined ? [] : [state.root],
    origin: instruction.range,
    name,
    ...(step === undefined ? {} : { step }),
  });
  return withLayer(numbered, createdBy, vertex);
}
