import type { Rule } from '../rule.ts';
import { goCommands } from '../subject/go-build.ts';

/** Generated code that is not in the repository is reviewed by nobody, and needs its generators in every build. */
export const goGenerateInBuild: Rule = {
  name: 'go-generate-in-build',
  family: 'go',
  severity: 'info',
  level: 'strict',
  summary: 'go generate makes sources while the image is built',

  *check(subject) {
    for (const { verb, verbWord } of goCommands(subject)) {
      if (verb !== 'generate') continue;
      yield {
        message: 'go generate makes code that the repository does not hold, with tools of this image.',
        range: subject.text.rangeOf(verbWord.start, verbWord.end),
        hint: 'Commit what is generated, and let CI check that generating again changes nothing.',
      };
    }
  },
};
