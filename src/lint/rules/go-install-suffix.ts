import { removeWord } from '../fix/edits.ts';
import type { Rule } from '../rule.ts';
import { flagOf, goBuilds } from '../subject/go-build.ts';

/** -installsuffix kept packages of other settings apart in GOPATH/pkg, where nothing is put any more. */
export const goInstallSuffix: Rule = {
  name: 'go-install-suffix',
  family: 'go',
  severity: 'info',
  level: 'default',
  summary: 'go build -installsuffix does nothing since packages are kept in the build cache',

  *check(subject) {
    for (const build of goBuilds(subject)) {
      const flag = flagOf(build, 'installsuffix');
      if (!flag) continue;
      yield {
        message: `-installsuffix ${flag.value ?? ''} has no effect: packages are no longer installed under a name with a suffix.`,
        range: subject.text.rangeOf(flag.start, flag.end),
        hint: 'Remove it: the build cache keeps what was compiled with other settings apart.',
        ...(!build.isExec && {
          fix: { title: 'Remove -installsuffix', safety: 'safe', edits: [removeWord(subject, flag)] },
        }),
      };
    }
  },
};
