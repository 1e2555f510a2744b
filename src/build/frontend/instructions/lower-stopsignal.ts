import { KnownError } from '../../../diagnostics/known-error.ts';
import { createExpander } from '../expand/expander.ts';
import { withConfig, withEmptyHistory } from '../stage/stage-state.ts';
import { isSignal } from '../value/signal-name.ts';
import type { Lowering } from './lowering.ts';

export const lowerStopsignal: Lowering<'STOPSIGNAL'> = (state, instruction, context) => {
  const signal = createExpander(state, instruction, context)(instruction.signal.text);
  if (!isSignal(signal)) {
    throw new KnownError('DOCKERFILE_INVALID_VALUE', `STOPSIGNAL ${JSON.stringify(signal)} is no signal of Linux.`, {
      hint: 'Use a name such as SIGTERM or a number such as 15.',
      range: instruction.range,
    });
  }
  return withEmptyHistory(withConfig(state, { StopSignal: signal }), `STOPSIGNAL ${signal}`);
};
