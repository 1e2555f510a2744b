import type { Rule } from '../rule.ts';
import { packageCalls } from '../subject/package-managers.ts';

/** A version by the grammar of each: `a=1`, `a~1`, `a-1.2-3`, `a>1`. */
const PINNED: Readonly<Record<string, RegExp>> = {
  apt: /=|\/|\.deb$/,
  apk: /[=<>~@]|\.apk$/,
  dnf: /-\d|=|\.rpm$|^@|[*:/]/,
  zypper: /[=<>]|\.rpm$/,
};

/** Versions of a distribution's packages; strict, because a release without backports hardly moves and removes old versions. */
export const systemPackageVersions: Rule = {
  name: 'system-package-versions',
  family: 'practice',
  severity: 'info',
  level: 'strict',
  summary: 'Packages of the distribution are installed without a version',
  hadolint: ['DL3008', 'DL3018', 'DL3033', 'DL3037', 'DL3041'],

  *check(subject) {
    for (const { call } of packageCalls(subject, 'apt', 'apk', 'dnf', 'zypper')) {
      if (call.action !== 'install') continue;
      const loose = call.packages.filter(({ text, isLiteral }) => isLiteral && !PINNED[call.manager.name]?.test(text));
      const [first] = loose;
      const last = loose.at(-1);
      if (!first || !last) continue;
      const names = loose.map(({ text }) => text);
      yield {
        message: `${call.command.name} installs ${names.slice(0, 5).join(', ')}${names.length > 5 ? ' …' : ''} in whatever version is there today.`,
        range: subject.text.rangeOf(first.start, last.end),
        hint: 'Name the version, or install from a mirror that holds one day still.',
      };
    }
  },
};
