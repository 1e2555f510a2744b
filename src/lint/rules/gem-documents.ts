import { fixOf, insertBehind } from '../fix/run-edits.ts';
import type { Rule } from '../rule.ts';
import { packageCalls } from '../subject/package-managers.ts';
import { hasFlag } from '../subject/steps.ts';

/** ri and rdoc, made at each build for nobody. The official images of Ruby turn them off. */
export const gemDocuments: Rule = {
  name: 'gem-documents',
  family: 'practice',
  severity: 'info',
  level: 'default',
  summary: 'gem makes documentation that an image does not need',

  *check(subject) {
    for (const { call, step, stage } of packageCalls(subject, 'gem')) {
      const { verb, command, action } = call;
      if (!stage.isShipped || !verb || action !== 'install') continue;
      if (hasFlag(command, '-N', '--no-document', '--no-doc', '--no-rdoc', '--no-ri')) continue;
      const { rootBase } = stage;
      const isOfficial =
        rootBase.kind === 'image' && /(?:^|\/)(?:j?ruby|rails|passenger[\w-]*)(?::|@|$)/.test(rootBase.name);
      if (isOfficial || /gemrc/.test(subject.text.text)) continue;
      yield {
        message: 'gem install makes ri and rdoc documentation.',
        range: subject.text.rangeOf(verb.start, verb.end),
        hint: 'Add --no-document.',
        fix: fixOf('Add --no-document', 'safe', insertBehind(step, verb, ' --no-document')),
      };
    }
  },
};
