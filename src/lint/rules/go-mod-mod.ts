import { removeWord } from '../fix/edits.ts';
import type { Rule } from '../rule.ts';
import { flagOf, goBuilds } from '../subject/go-build.ts';

/** -mod=mod lets the build edit go.mod where it is not complete; the default refuses. */
export const goModMod: Rule = {
  name: 'go-mod-mod',
  family: 'go',
  severity: 'warning',
  level: 'default',
  summary: 'go build -mod=mod changes go.mod instead of failing where it is incomplete',

  *check(subject) {
    for (const build of goBuilds(subject)) {
      const flag = flagOf(build, 'mod');
      if (flag?.value !== 'mod') continue;
      yield {
        message: `go ${build.verb} -mod=mod updates go.mod and go.sum as it likes, and ignores vendor/.`,
        range: subject.text.rangeOf(flag.start, flag.end),
        hint: 'Leave it away: without it a build fails when go.mod or go.sum lack something, which is what you want to know.',
        ...(!build.isExec && {
          fix: { title: 'Remove -mod=mod', safety: 'suggested', edits: [removeWord(subject, flag)] },
        }),
      };
    }
  },
};
