import { KnownError } from '../../diagnostics/known-error.ts';

const NAME = 'SOURCE_DATE_EPOCH';

/** Seconds since 1970 that the build is to be dated to, when --build-arg says so. @throws KnownError USAGE */
export function sourceDateEpoch(buildArgs: Readonly<Record<string, string>>): number | undefined {
  const value = buildArgs[NAME];
  if (value === undefined || value === '') return undefined;
  const seconds = Number(value);
  if (/^[+-]?\d+$/.test(value) && Number.isSafeInteger(seconds)) return seconds;
  throw new KnownError('USAGE', `${NAME}=${value} is no number of seconds.`, {
    hint: `Give it seconds since 1970, such as ${NAME}=$(git log -1 --format=%ct).`,
    exitCode: 2,
  });
}
