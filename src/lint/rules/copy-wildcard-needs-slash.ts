import type { Rule } from '../rule.ts';
import { stepsOf } from '../subject/steps.ts';

/** With one match the destination is a file of that name, with two it is a directory. */
export const copyWildcardNeedsSlash: Rule = {
  name: 'copy-wildcard-needs-slash',
  family: 'practice',
  severity: 'info',
  level: 'default',
  summary: 'What a wildcard copies becomes a file or a directory, by how many names match',

  *check(subject) {
    for (const { step } of stepsOf(subject, 'COPY', 'ADD')) {
      const { sources, heredocs, destination } = step.instruction;
      const [source] = sources;
      const { text } = destination;
      if (!source || sources.length + heredocs.length !== 1 || !/[*?]/.test(source.text)) continue;
      // A directory by its slash or its dot; or a pattern that names one versioned file on purpose.
      if (/\/["']?$/.test(text) || /(?:^|\/)\.{1,2}$/.test(text) || text.includes('$') || !/\*(?:\.\w+)?$/.test(source.text)) continue;
      if (/\.\w+$/.test(text) || /[\w.]-?\*(?:\.\w+)+$/.test(source.text.slice(source.text.lastIndexOf('/') + 1))) continue;
      const end = subject.text.offsetAt(destination.range.end);
      yield {
        message: `${text} becomes a file when ${source.text} matches one name, and a directory when it matches more.`,
        range: destination.range,
        hint: `Write ${text}/.`,
        fix: { title: 'Add the slash', safety: 'suggested', edits: subject.text.slice(destination.range) === text ? [{ start: end, end, text: '/' }] : [] },
      };
    }
  },
};
