import { withEmptyHistory } from '../stage/stage-state.ts';
import type { Lowering } from './lowering.ts';

export const lowerMaintainer: Lowering<'MAINTAINER'> = (state, instruction) => {
  const author = instruction.name.text;
  return withEmptyHistory({ ...state, author }, `MAINTAINER ${author}`);
};
