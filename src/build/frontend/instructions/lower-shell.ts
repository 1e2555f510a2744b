import { withConfig, withEmptyHistory } from '../stage/stage-state.ts';
import { goList } from '../value/go-format.ts';
import type { Lowering } from './lowering.ts';

export const lowerShell: Lowering<'SHELL'> = (state, instruction) =>
  withEmptyHistory(withConfig(state, { Shell: instruction.argv }), `SHELL ${goList(instruction.argv)}`);
