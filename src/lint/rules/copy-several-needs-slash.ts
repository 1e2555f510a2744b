import type { Rule } from '../rule.ts';
import { stepsOf } from '../subject/steps.ts';

/** Dockerfile reference, COPY: several sources need a directory, and only the slash says that it is one. */
export const copySeveralNeedsSlash: Rule = {
  name: 'copy-several-needs-slash',
  family: 'practice',
  severity: 'error',
  level: 'default',
  summary: 'Several sources are copied to a destination that is not written as a directory',
  hadolint: ['DL3021'],

  *check(subject) {
    for (const { step } of stepsOf(subject, 'COPY', 'ADD')) {
      const { sources, heredocs, destination, keyword } = step.instruction;
      const { text } = destination;
      const isDirectory =
        /\/["']?$/.test(text) || /(?:^|\/)\.\.?$/.test(text) || text.endsWith('\\') || text.includes('$');
      if (sources.length + heredocs.length < 2 || isDirectory) continue;
      const written = subject.text.slice(destination.range);
      const isPlain = written === text || written === JSON.stringify(text);
      const end = subject.text.offsetAt(destination.range.end) - Number(written !== text);
      yield {
        message: `${keyword} has ${sources.length + heredocs.length} sources, so that ${JSON.stringify(text)} must be a directory and end with a slash.`,
        range: destination.range,
        hint: `Write ${text}/.`,
        fix: isPlain ? { title: 'Add the slash', safety: 'safe', edits: [{ start: end, end, text: '/' }] } : undefined,
      };
    }
  },
};
