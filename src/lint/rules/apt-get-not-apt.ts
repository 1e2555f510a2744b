import { fixOf, replaceWord } from '../fix/run-edits.ts';
import type { Rule } from '../rule.ts';
import { packageCalls } from '../subject/package-managers.ts';

/** What apt and apt-get do alike. */
const SAME = new Set(['install', 'update', 'remove', 'purge', 'autoremove', 'clean', 'autoclean', 'build-dep']);

/** apt is for people: its output and options may change from one release to the next, and it says so when scripted. */
export const aptGetNotApt: Rule = {
  name: 'apt-get-not-apt',
  family: 'practice',
  severity: 'info',
  level: 'default',
  summary: 'apt is made for a terminal and promises scripts nothing',
  hadolint: ['DL3027'],

  *check(subject) {
    for (const { call, step } of packageCalls(subject, 'apt')) {
      const { nameWord, name } = call.command;
      if (name !== 'apt' || !nameWord || !call.verb) continue;
      const path = nameWord.text.slice(0, nameWord.text.lastIndexOf('/') + 1);
      yield {
        message: `apt ${call.verb.text} is meant for a terminal; its interface is not stable.`,
        range: subject.text.rangeOf(nameWord.start, nameWord.end),
        hint: 'Call apt-get, or apt-cache to look something up.',
        fix: SAME.has(call.verb.text)
          ? fixOf('Call apt-get', 'safe', replaceWord(step, nameWord, `${path}apt-get`))
          : undefined,
      };
    }
  },
};
