import type { Flag } from '../../dockerfile/ast.ts';
import { parseDuration } from '../../dockerfile/duration.ts';
import type { Rule } from '../rule.ts';
import { stepsOf } from '../subject/steps.ts';

const DEFAULT_INTERVAL = parseDuration('30s') ?? 0;

/** The builder takes any numbers; some of them mean something else than they look like. */
export const healthcheckTiming: Rule = {
  name: 'healthcheck-timing',
  family: 'production',
  severity: 'warning',
  level: 'default',
  summary: 'The times of HEALTHCHECK do not go together',

  *check(subject) {
    for (const { step } of stepsOf(subject, 'HEALTHCHECK')) {
      const { flags } = step.instruction;
      const flagNamed = (name: string) => flags.find((flag) => flag.name === name);
      const [timeout, interval] = [flagNamed('timeout'), flagNamed('interval')];
      if (timeout && nanosecondsOf(timeout) > (interval ? nanosecondsOf(interval) : DEFAULT_INTERVAL))
        yield {
          message: `--timeout=${timeout.value} is longer than the interval of ${interval?.value ?? '30s'}: a program that hangs is noticed late.`,
          range: timeout.range,
          hint: 'Give a check less time than there is between two checks.',
        };
      const startInterval = flagNamed('start-interval');
      if (startInterval && !flagNamed('start-period'))
        yield {
          message: `--start-interval=${startInterval.value} has no effect without --start-period.`,
          range: startInterval.range,
          hint: 'Add --start-period with the time that the program may take to start.',
        };
      const retries = flagNamed('retries');
      if (retries?.value === '0')
        yield {
          message: '--retries=0 means the default, 3.',
          range: retries.range,
          hint: 'Write 1 or more, or leave it away.',
        };
    }
  },
};

/** 0 and what is no duration count as nothing. */
function nanosecondsOf({ value }: Flag): number {
  return parseDuration(value ?? '') || 0;
}
