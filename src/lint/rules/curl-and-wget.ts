import type { Rule } from '../rule.ts';
import { downloadsIn } from '../subject/downloads.ts';
import { stepsIn } from '../subject/steps.ts';

/** One of the two has to be installed, updated and explained for nothing. */
export const curlAndWget: Rule = {
  name: 'curl-and-wget',
  family: 'practice',
  severity: 'info',
  level: 'strict',
  summary: 'One stage calls both curl and wget, which do the same',
  hadolint: ['DL4001'],

  *check(subject) {
    for (const stage of subject.stages) {
      const downloads = stepsIn(stage, 'RUN').flatMap(downloadsIn);
      const [first] = downloads;
      const other = downloads.find(({ program }) => program !== first?.program);
      if (!first || !other) continue;
      yield {
        message: `${other.program} is called here, and ${first.program} above in the same stage.`,
        range: subject.text.rangeOf(other.command.start, other.command.nameWord?.end ?? other.command.end),
        hint: `Call ${first.program} here too.`,
      };
    }
  },
};
