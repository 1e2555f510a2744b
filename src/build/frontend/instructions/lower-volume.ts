import { KnownError } from '../../../diagnostics/known-error.ts';
import { createExpander } from '../expand/expander.ts';
import { withConfig, withEmptyHistory } from '../stage/stage-state.ts';
import { goList } from '../value/go-format.ts';
import type { Lowering } from './lowering.ts';

export const lowerVolume: Lowering<'VOLUME'> = (state, instruction, context) => {
  const expand = createExpander(state, instruction, context);
  const paths = instruction.paths.map((word) => expand(word.text));
  if (paths.includes('')) {
    throw new KnownError('DOCKERFILE_INVALID_VALUE', 'A path of VOLUME is empty once its variables are expanded.', {
      range: instruction.range,
    });
  }
  const volumes = { ...state.config.Volumes, ...Object.fromEntries(paths.map((path) => [path, {}])) };
  return withEmptyHistory(withConfig(state, { Volumes: volumes }), `VOLUME ${goList(paths)}`);
};
