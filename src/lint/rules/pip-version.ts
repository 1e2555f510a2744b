import type { Rule } from '../rule.ts';
import { packageCalls } from '../subject/package-managers.ts';
import { hasFlag } from '../subject/steps.ts';

/** Tools that come with Python and are brought up to date. */
const BOOTSTRAP = /^(?:pip|setuptools|wheel)(?:\[.*\])?$/;

/** The newest release of the day is another one tomorrow. */
export const pipVersion: Rule = {
  name: 'pip-version',
  family: 'practice',
  severity: 'info',
  level: 'default',
  summary: 'pip installs packages without a version',
  hadolint: ['DL3013'],

  *check(subject) {
    for (const { call } of packageCalls(subject, 'pip')) {
      if (call.action !== 'install') continue;
      if (hasFlag(call.command, '-r', '--requirement', '-c', '--constraint', '-e', '--editable', '--no-index'))
        continue;
      const loose = call.packages.filter(({ text, isLiteral }) => isLiteral && isLoose(text));
      const [first, last] = [loose[0], loose.at(-1)];
      if (!first || !last) continue;
      yield {
        message: `pip installs ${loose.map(({ text }) => text).join(', ')} in whatever version is newest today.`,
        range: subject.text.rangeOf(first.start, last.end),
        hint: 'Write name==version, or keep the versions in a requirements file.',
      };
    }
  },
};

/** A name alone, extras allowed: no version, path, address or wildcard. */
function isLoose(text: string): boolean {
  return (
    /^[A-Za-z0-9][\w.-]*(?:\[[\w,-]+\])?$/.test(text) && !/\.(?:whl|gz|zip|txt)$/.test(text) && !BOOTSTRAP.test(text)
  );
}
