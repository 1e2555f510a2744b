import type { Rule } from '../rule.ts';
import { isLocalUrl } from '../subject/downloads.ts';
import { stepsOf } from '../subject/steps.ts';

/** The address stays the same while what is behind it changes. */
export const addUrlWithoutChecksum: Rule = {
  name: 'add-url-without-checksum',
  family: 'practice',
  severity: 'info',
  level: 'default',
  summary: 'ADD downloads a file without a look at its digest',

  *check(subject) {
    for (const { step } of stepsOf(subject, 'ADD')) {
      const { sources, flags } = step.instruction;
      if (flags.some(({ name }) => name === 'checksum')) continue;
      for (const { text, range } of sources) {
        if (!/^https?:\/\//i.test(text) || isLocalUrl(text) || /\.git(?:[#?]|$)/.test(text)) continue;
        yield {
          message: `ADD takes whatever is at the address that day: ${withoutLogin(text)}.`,
          range,
          hint: 'Add --checksum=sha256:<digest>: the build fails when the file is another one.',
        };
      }
    }
  },
};

function withoutLogin(url: string): string {
  return url.replace(/\/\/[^/@]*@/, '//').replace(/[?#].*$/, '');
}
