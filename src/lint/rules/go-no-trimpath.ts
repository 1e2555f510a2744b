import { insertAt } from '../fix/edits.ts';
import type { Rule } from '../rule.ts';
import { hasGoFlag, releaseBuilds } from '../subject/go-build.ts';

/** Without -trimpath the binary holds the builder's folders, and differs where these do. */
export const goNoTrimpath: Rule = {
  name: 'go-no-trimpath',
  family: 'go',
  severity: 'info',
  level: 'default',
  summary: 'The binary holds the folders that it was compiled in',

  *check(subject) {
    for (const build of releaseBuilds(subject)) {
      if (hasGoFlag(build, 'trimpath') || build.operands.some(({ text }) => text.startsWith('$'))) continue;
      const { verb, verbWord } = build;
      yield {
        message: `go ${verb} without -trimpath writes the builder's folders into the binary.`,
        range: subject.text.rangeOf(verbWord.start, verbWord.end),
        hint: 'Add -trimpath: traces name packages by their import path, and equal sources give equal binaries anywhere.',
        ...(!build.isExec && {
          fix: { title: 'Add -trimpath', safety: 'safe', edits: [insertAt(verbWord.end, ' -trimpath')] },
        }),
      };
    }
  },
};
