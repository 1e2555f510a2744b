import type { HealthcheckInstruction } from '../../../dockerfile/ast.ts';
import { healthcheckTiming } from '../../../dockerfile/healthcheck-timing.ts';
import type { Healthcheck } from '../../../image/image-config.ts';
import { checkUsedOnce } from '../checks/multiple-instructions-disallowed.ts';
import { withConfig, withEmptyHistory } from '../stage/stage-state.ts';
import { formatGoDuration } from '../value/go-duration.ts';
import { goQuote, goQuoteList, goQuoteRune } from '../value/go-format.ts';
import type { Lowering } from './lowering.ts';

export const lowerHealthcheck: Lowering<'HEALTHCHECK'> = (state, instruction, context) => {
  const next = checkUsedOnce(state, instruction, context);
  const healthcheck = healthcheckOf(instruction);
  return withEmptyHistory(withConfig(next, { Healthcheck: healthcheck }), `HEALTHCHECK ${describe(healthcheck)}`);
};

function healthcheckOf(instruction: HealthcheckInstruction): Healthcheck {
  const { command, flags } = instruction;
  if (command === undefined) return { Test: ['NONE'] };
  const { interval, timeout, startPeriod, startInterval, retries } = healthcheckTiming(flags);
  return {
    Test: command.form === 'exec' ? ['CMD', ...command.argv] : ['CMD-SHELL', command.command],
    ...(interval !== undefined && { Interval: interval }),
    ...(timeout !== undefined && { Timeout: timeout }),
    ...(startPeriod !== undefined && { StartPeriod: startPeriod }),
    ...(startInterval !== undefined && { StartInterval: startInterval }),
    ...(retries !== undefined && { Retries: retries }),
  };
}

/** The history has the whole structure printed with Go's `%q`, in which the retries become a character. */
function describe(check: Healthcheck): string {
  const durations = [check.Interval, check.Timeout, check.StartPeriod, check.StartInterval];
  const shown = durations.map((nanoseconds) => goQuote(formatGoDuration(nanoseconds ?? 0))).join(' ');
  return `&{${goQuoteList(check.Test ?? [])} ${shown} ${goQuoteRune(check.Retries ?? 0)}}`;
}
