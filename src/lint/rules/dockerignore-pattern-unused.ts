import { nearest } from '../../diagnostics/suggest.ts';
import type { Rule } from '../rule.ts';
import { contextSources } from '../subject/copied-files.ts';

/** A pattern for something that is not there is fine; one that is nearly the name of something is a slip. */
export const dockerignorePatternUnused: Rule = {
  name: 'dockerignore-pattern-unused',
  family: 'context',
  severity: 'warning',
  level: 'default',
  summary: 'A pattern of .dockerignore matches nothing, although something has nearly that name',

  *check(subject) {
    const { context } = subject;
    const [source] = contextSources(subject);
    if (!context?.ignore || !source) return;
    const names = context.wholeTree.readdir('');
    for (const { text, range } of context.ignore.patterns) {
      const name = text.replace(/^!?\/?/, '').replace(/\/$/, '');
      if (!/^[\w.-]{4,}$/.test(name) || names.includes(name)) continue;
      const meant = nearest(name, names);
      // A dot or a number more or less is another file, as .env and .env2.
      if (meant === undefined || meant.length < 4 || /\d/.test(name + meant) || context.ignore.matches(meant)) continue;
      if (Math.abs(meant.length - name.length) > 1) continue;
      yield {
        message: `The pattern ${text} of .dockerignore${range ? ` (line ${range.start.line})` : ''} matches nothing; the context has ${meant}.`,
        range: source.step.instruction.range,
        hint: `Did you mean ${meant}?`,
      };
    }
  },
};
