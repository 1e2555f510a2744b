import { removeWord } from '../fix/edits.ts';
import type { Rule } from '../rule.ts';
import { flagOf, goBuilds } from '../subject/go-build.ts';

/** -a was a way to get a static standard library before Go 1.10; today it only empties the cache's use. */
export const goRebuildAll: Rule = {
  name: 'go-rebuild-all',
  family: 'go',
  severity: 'warning',
  level: 'default',
  summary: 'go build -a compiles everything anew, the standard library included',

  *check(subject) {
    for (const build of goBuilds(subject)) {
      const flag = flagOf(build, 'a');
      if (!flag) continue;
      yield {
        message: `go ${build.verb} -a compiles every package again and takes nothing from the build cache.`,
        range: subject.text.rangeOf(flag.start, flag.end),
        hint: 'Leave -a away: CGO_ENABLED=0 alone makes a static binary, and go knows by itself what is out of date.',
        ...(!build.isExec && { fix: { title: 'Remove -a', safety: 'safe', edits: [removeWord(subject, flag)] } }),
      };
    }
  },
};
