import { fixOf, insertBehind } from '../fix/run-edits.ts';
import type { Rule } from '../rule.ts';
import { downloadsOf } from '../subject/downloads.ts';
import { hasFlag } from '../subject/steps.ts';

/** Without a terminal wget draws its progress in thousands of lines of dots. */
export const wgetProgress: Rule = {
  name: 'wget-progress',
  family: 'practice',
  severity: 'info',
  level: 'strict',
  summary: 'wget fills the build log with its progress',
  hadolint: ['DL3047'],

  *check(subject) {
    for (const { download, step, stage } of downloadsOf(subject)) {
      const { command, program, urls } = download;
      if (program !== 'wget' || urls.length === 0) continue;
      if (hasFlag(command, '-q', '-nv', '--progress', '--quiet', '--no-verbose', '-o', '--output-file', '--spider'))
        continue;
      if (command.args.some(({ text }) => /^-\w*q/.test(text))) continue;
      // BusyBox, whose wget knows other flags.
      const isBusybox = stage.rootBase.kind === 'image' && /alpine|busybox/.test(stage.rootBase.name);
      const flag = isBusybox ? '-q' : '--progress=dot:giga';
      yield {
        message: isBusybox
          ? 'wget draws its progress into the log.'
          : 'wget writes a line of dots for every fifty kilobytes.',
        range: subject.text.rangeOf(command.start, command.nameWord?.end ?? command.end),
        hint: `Add ${flag}.`,
        fix: fixOf(`Add ${flag}`, 'suggested', insertBehind(step, command.nameWord, ` ${flag}`)),
      };
    }
  },
};
