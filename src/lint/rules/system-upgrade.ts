import type { Rule } from '../rule.ts';
import { type PackageCall, packageCalls } from '../subject/package-managers.ts';

/** Strict: others want the day's security updates. What comes out depends on the day: two builds of one Dockerfile are two systems, and each layer is nearly a new base. */
export const systemUpgrade: Rule = {
  name: 'system-upgrade',
  family: 'practice',
  severity: 'info',
  level: 'strict',
  summary: 'The whole system is upgraded, so that the image depends on the day it was built',
  hadolint: ['DL3005', 'DL3017', 'DL3031', 'DL3035', 'DL3039'],

  *check(subject) {
    for (const { call } of packageCalls(subject, 'apt', 'apk', 'dnf', 'zypper')) {
      const { verb } = call;
      if (!verb || !upgradesAll(call)) continue;
      const isRelease = /^(?:dist-upgrade|full-upgrade|dup|distro-sync)$/.test(verb.text);
      yield {
        message: `${call.command.name} ${verb.text} upgrades every package of the base image.`,
        range: subject.text.rangeOf(verb.start, verb.end),
        hint: 'Take a newer base image, and install by name what must be newer than in it.',
        ...(isRelease ? { severity: 'warning' as const } : {}),
      };
    }
  },
};

function upgradesAll({ action, packages, command }: PackageCall): boolean {
  const isPartial = command.args.some(({ text }) => /^--(?:security|advisory|bugfix|cve|only-upgrade)/.test(text));
  return action === 'upgrade' && packages.length === 0 && !isPartial;
}
