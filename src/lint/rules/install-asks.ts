import { fixOf, insertBehind } from '../fix/run-edits.ts';
import type { Rule } from '../rule.ts';
import { type PackageCall, packageCalls } from '../subject/package-managers.ts';
import { hasFlag } from '../subject/steps.ts';

/** Flags by which a package manager asks nothing, the one to add first, and where it goes. */
const ANSWERS: Readonly<Record<string, { readonly flags: readonly string[]; readonly isGlobal?: boolean }>> = {
  apt: { flags: ['-y', '--yes', '--assume-yes', '--force-yes', '--no', '-s', '--simulate', '--download-only', '-d'] },
  dnf: { flags: ['-y', '--assumeyes', '--assumeno'] },
  zypper: { flags: ['-n', '--non-interactive', '-y', '--no-confirm', '--dry-run'], isGlobal: true },
};

/** In a file below /etc/apt/apt.conf.d, which the Dockerfile writes. */
const ALWAYS_YES = /APT::Get::Assume-Yes\s+"?(?:true|yes|1)\b/i;

/** A build has nobody who could answer: the step ends there, or does nothing. */
export const installAsks: Rule = {
  name: 'install-asks',
  family: 'practice',
  severity: 'warning',
  level: 'default',
  summary: 'An installation asks for consent, and a build has nobody to give it',
  hadolint: ['DL3014', 'DL3030', 'DL3034', 'DL3038'],

  *check(subject) {
    for (const { call, step } of packageCalls(subject, 'apt', 'dnf', 'zypper')) {
      const answer = ANSWERS[call.manager.name];
      if (!answer || !call.verb || !asks(call) || isAnswered(call, answer.flags)) continue;
      // An answer may come through the pipe, as from yes(1), or from the configuration.
      if (call.command.before === '|' || step.commands.some(({ name }) => name === 'yes')) continue;
      if (call.manager.name === 'apt' && ALWAYS_YES.test(subject.text.text)) continue;
      const [flag = ''] = answer.flags;
      const behind = answer.isGlobal ? call.command.nameWord : call.verb;
      yield {
        message: `${call.command.name} ${call.verb.text} waits for a yes that nobody can give.`,
        range: subject.text.rangeOf(call.verb.start, call.verb.end),
        hint: `Add ${flag}.`,
        fix: fixOf(`Add ${flag}`, 'safe', insertBehind(step, behind, ` ${flag}`)),
      };
    }
  },
};

function asks({ action, packages }: PackageCall): boolean {
  return action === 'upgrade' || (action === 'install' && packages.length > 0);
}

function isAnswered({ command, manager }: PackageCall, flags: readonly string[]): boolean {
  if (hasFlag(command, ...flags)) return true;
  // apt-get answers itself at the second -q; configuration can say so as well.
  const isQuiet = /^-[a-z]*q[a-z]*q|^-q=2/;
  return command.args.some(
    ({ text }) => /assume-?yes/i.test(text) || (manager.name === 'apt' && isQuiet.test(text)) || /^-.*\$/.test(text),
  );
}
