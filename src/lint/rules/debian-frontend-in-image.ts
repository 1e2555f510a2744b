import type { Rule } from '../rule.ts';
import { stepsOf } from '../subject/steps.ts';

/** It is meant for one installation; in the image it changes what every later user of apt and debconf sees. */
export const debianFrontendInImage: Rule = {
  name: 'debian-frontend-in-image',
  family: 'practice',
  severity: 'info',
  level: 'default',
  summary: 'DEBIAN_FRONTEND stays set in the image, although only the build needs it',

  *check(subject) {
    for (const { step, stage } of stepsOf(subject, 'ENV')) {
      const { pairs, keywordRange, keyword, range } = step.instruction;
      const pair = pairs.find(({ key }) => key.text === 'DEBIAN_FRONTEND');
      if (!stage.isShipped || !pair || pair.value.text === '' || /^["']?(?:dialog|readline|newt)/.test(pair.value.text))
        continue;
      const isAlone = pairs.length === 1 && /^\w+$/.test(pair.value.text) && range.start.line === range.end.line;
      const arg = keyword === keyword.toLowerCase() ? 'arg' : 'ARG';
      const edit = {
        start: subject.text.offsetAt(keywordRange.start),
        end: subject.text.offsetAt(range.end),
        text: `${arg} DEBIAN_FRONTEND=${pair.value.text}`,
      };
      yield {
        message: 'DEBIAN_FRONTEND is set in the image for good.',
        range: pair.key.range,
        hint: 'Write ARG in place of ENV: steps see it, the image does not keep it.',
        fix: isAlone ? { title: 'Write ARG', safety: 'suggested', edits: [edit] } : undefined,
      };
    }
  },
};
