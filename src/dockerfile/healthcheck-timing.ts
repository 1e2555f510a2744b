import { KnownError } from '../diagnostics/known-error.ts';
import type { Flag } from './ast.ts';
import { parseDuration } from './duration.ts';

/** What the flags of HEALTHCHECK CMD say. Durations are nanoseconds; undefined where nothing or zero was given. */
export interface HealthcheckTiming {
  readonly interval: number | undefined;
  readonly timeout: number | undefined;
  readonly startPeriod: number | undefined;
  readonly startInterval: number | undefined;
  readonly retries: number | undefined;
}

const MILLISECOND = 1_000_000;

/** Reads the flags; BuildKit expands no variables in them. Throws DOCKERFILE_INVALID_VALUE at the flag. */
export function healthcheckTiming(flags: readonly Flag[]): HealthcheckTiming {
  const find = (name: string): Flag | undefined => flags.find((flag) => flag.name === name);
  return {
    interval: durationOf(find('interval')),
    timeout: durationOf(find('timeout')),
    startPeriod: durationOf(find('start-period')),
    startInterval: durationOf(find('start-interval')),
    retries: retriesOf(find('retries')),
  };
}

function durationOf(flag: Flag | undefined): number | undefined {
  if (!flag?.value) return undefined;
  const duration = parseDuration(flag.value);
  if (duration === undefined) {
    throw badValue(flag, `--${flag.name} cannot be "${flag.value}".`, 'Write a duration such as 30s, 1m30s or 500ms.');
  }
  if (duration !== 0 && duration < MILLISECOND) {
    throw badValue(flag, `--${flag.name} cannot be less than a millisecond: "${flag.value}".`);
  }
  return duration === 0 ? undefined : duration;
}

function retriesOf(flag: Flag | undefined): number | undefined {
  if (!flag?.value) return undefined;
  const retries = /^[+-]?\d+$/.test(flag.value) ? Number(flag.value) : Number.NaN;
  if (!(retries >= 0 && retries < 2 ** 31)) {
    throw badValue(flag, `--retries cannot be "${flag.value}".`, 'It is a whole number, zero or above.');
  }
  return retries === 0 ? undefined : retries;
}

function badValue({ range }: Flag, message: string, hint?: string): KnownError {
  return new KnownError('DOCKERFILE_INVALID_VALUE', message, { range, hint });
}
