import type { Rule } from '../rule.ts';
import { packageCalls } from '../subject/package-managers.ts';
import { hasFlag } from '../subject/steps.ts';

const FLAGS: Readonly<Record<string, readonly string[]>> = {
  apt: ['--allow-unauthenticated', '--force-yes', '--allow-insecure-repositories'],
  apk: ['--allow-untrusted'],
  dnf: ['--nogpgcheck', '--no-gpgchecks'],
  zypper: ['--no-gpg-checks', '--allow-unsigned-rpm'],
};

/** The signature of a package is all that ties it to the distribution. */
export const packagesNotVerified: Rule = {
  name: 'packages-not-verified',
  family: 'practice',
  severity: 'warning',
  level: 'default',
  summary: "Packages are installed without a look at their repository's signature",

  *check(subject) {
    for (const { call } of packageCalls(subject, 'apt', 'apk', 'dnf', 'zypper')) {
      const flag = FLAGS[call.manager.name]?.find((name) => hasFlag(call.command, name));
      const word = call.command.args.find(({ text }) => flag !== undefined && text.startsWith(flag));
      // A package file that was built here has no signature to check.
      if (!flag || !word || call.packages.some(({ text }) => /\.(?:apk|deb|rpm)$|^[./]/.test(text))) continue;
      yield {
        message: `${call.command.name} ${flag} installs packages that nobody has signed.`,
        range: subject.text.rangeOf(word.start, word.end),
        hint: 'Install the key of the repository, and leave the flag out.',
      };
    }
  },
};
