import { createExpander } from '../expand/expander.ts';
import { withConfig, withEmptyHistory } from '../stage/stage-state.ts';
import type { Lowering } from './lowering.ts';

export const lowerUser: Lowering<'USER'> = (state, instruction, context) => {
  const user = createExpander(state, instruction, context)(instruction.user.text);
  return withEmptyHistory(withConfig(state, { User: user }), `USER ${user}`);
};
