import { fixOf, insertBehind } from '../fix/run-edits.ts';
import type { Rule } from '../rule.ts';
import { downloadsOf, isLocalUrl } from '../subject/downloads.ts';
import { hasFlag } from '../subject/steps.ts';

/** Of a missing file curl saves the server's error page, says that all went well, and the build goes on. */
export const curlWithoutFail: Rule = {
  name: 'curl-without-fail',
  family: 'practice',
  severity: 'info',
  level: 'default',
  summary: "curl saves the server's error page as if it were the file",

  *check(subject) {
    for (const { download, step } of downloadsOf(subject)) {
      const { command, program, urls } = download;
      if (program !== 'curl' || urls.length === 0 || urls.every(({ text }) => isLocalUrl(text))) continue;
      if (hasFlag(command, '-f', '--fail', '--fail-with-body', '--fail-early', '-I', '--head', '-X', '--request', '-w'))
        continue;
      // The flags may come from a variable.
      if (command.args.some(({ text, isLiteral }) => !isLiteral && /^-|^\$/.test(text))) continue;
      yield {
        message: 'curl without --fail takes an error page of the server for the file.',
        range: subject.text.rangeOf(command.start, command.nameWord?.end ?? command.end),
        hint: 'Add -f: the step then fails where the download did.',
        fix: fixOf('Add --fail', 'suggested', insertBehind(step, command.nameWord, ' --fail')),
      };
    }
  },
};
