import type { Rule } from '../rule.ts';
import { packageCalls } from '../subject/package-managers.ts';
import { hasFlag } from '../subject/steps.ts';

/** The newest release of the day is another one tomorrow. */
export const gemVersion: Rule = {
  name: 'gem-version',
  family: 'practice',
  severity: 'info',
  level: 'default',
  summary: 'gem installs a package without a version',
  hadolint: ['DL3028'],

  *check(subject) {
    for (const { call } of packageCalls(subject, 'gem')) {
      if (call.action !== 'install' || hasFlag(call.command, '-v', '--version', '--file')) continue;
      const loose = call.packages.filter(({ text, isLiteral }) => isLiteral && /^[A-Za-z][\w-]*$/.test(text));
      const [first, last] = [loose[0], loose.at(-1)];
      if (!first || !last) continue;
      yield {
        message: `gem installs ${loose.map(({ text }) => text).join(', ')} in whatever version is newest today.`,
        range: subject.text.rangeOf(first.start, last.end),
        hint: 'Write name:version, or -v version for a single gem.',
      };
    }
  },
};
