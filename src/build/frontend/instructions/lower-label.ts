import { checkLegacyKeyValueFormat } from '../checks/legacy-key-value-format.ts';
import { createExpander } from '../expand/expander.ts';
import { withConfig, withEmptyHistory } from '../stage/stage-state.ts';
import type { Lowering } from './lowering.ts';

export const lowerLabel: Lowering<'LABEL'> = (state, instruction, context) => {
  checkLegacyKeyValueFormat(instruction, context);
  const expand = createExpander(state, instruction, context);
  const pairs = instruction.pairs.map(({ key, value }) => [expand(key.text), expand(value.text)] as const);
  const labels = { ...state.config.Labels, ...Object.fromEntries(pairs) };
  const shown = pairs.map(([key, value]) => `${key}=${value}`).join(' ');
  return withEmptyHistory(withConfig(state, { Labels: labels }), `LABEL ${shown}`);
};
