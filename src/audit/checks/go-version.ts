import { type Check, failed, notApplicable, passed } from '../check.ts';
import { goPrograms } from '../start-program.ts';

/** Go 1.24 came in February 2025, and each half year another; the newest two get fixes (go.dev/doc/devel/release). */
const KNOWN_MINOR = 24;
const KNOWN_MONTH = 2025 * 12 + 1;
const MONTHS_A_RELEASE = 6;

export const goVersion: Check = {
  name: 'go-version',
  title: 'is built with a Go version that gets fixes',
  level: 'info',
  hint: 'Build with a newer golang image; the go directive of go.mod need not change.',
  run(image) {
    const programs = goPrograms(image).flatMap(({ path, facts }) => {
      const version = facts.go?.buildInfo?.goVersion;
      return version === undefined ? [] : [{ path, version }];
    });
    if (programs.length === 0) return notApplicable('no Go program that tells its version');
    const oldest = oldestSupported(image.nowMs);
    const old = programs.filter(({ version }) => minorOf(version) < oldest);
    if (old.length > 0)
      return failed(
        ...old.map(({ path, version }) => ({ text: `${version}; go1.${oldest} is the oldest with fixes`, path })),
      );
    return passed([...new Set(programs.map(({ version }) => version))].join(', '), { path: programs[0]?.path });
  },
};

function oldestSupported(nowMs: number): number {
  const now = new Date(nowMs);
  const months = now.getUTCFullYear() * 12 + now.getUTCMonth() - KNOWN_MONTH;
  return KNOWN_MINOR + Math.max(0, Math.floor(months / MONTHS_A_RELEASE)) - 1;
}

/** A development version is newer than any. */
function minorOf(version: string): number {
  return Number(/^go1\.(\d+)/.exec(version)?.[1] ?? Number.POSITIVE_INFINITY);
}
