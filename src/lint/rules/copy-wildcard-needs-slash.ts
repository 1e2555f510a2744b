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
      const isDirectory = /\/["']?$|(?:^|\/)\.{1,2}$|\$/.test(text);
      // An ending, or a name in the pattern, says that one file is meant.
      const isOneFile = /\.\w+$/.test(text) || !/(?:^|\/)\*(?:\.\w+)?$/.test(source.text);
      if (isDirectory || isOneFile) continue;
      const end = subject.text.offsetAt(destination.range.end);
      yield {
        message: `${text} becomes a file when ${source.text} matches one name, and a directory when it matches more.`,
        range: destination.range,
        hint: `Write ${text}/.`,
        fix: {
          title: 'Add the slash',
          safety: 'suggested',
          edits: subject.text.slice(destination.range) === text ? [{ start: end, end, text: '/' }] : [],
        },
      };
    }
  },
};
