import { nearest } from '../../diagnostics/suggest.ts';
import type { Rule } from '../rule.ts';
import { contextSources } from '../subject/copied-files.ts';
import { isGitIgnored } from '../subject/git-ignored.ts';

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
      if (Math.abs(meant.length - name.length) > 1 || !isSlip(name, meant)) continue;
      // What git is told to ignore too is made some day.
      if (isGitIgnored(context, name)) continue;
      yield {
        message: `The pattern ${text} of .dockerignore${range ? ` (line ${range.start.line})` : ''} matches nothing; the context has ${meant}.`,
        range: source.step.instruction.range,
        hint: `Did you mean ${meant}?`,
      };
    }
  },
};

/** One letter too many, too few or another one, or two that changed places; or only the case differs. */
function isSlip(name: string, meant: string): boolean {
  if (name.toLowerCase() === meant.toLowerCase()) return true;
  const [short, long] = name.length <= meant.length ? [name, meant] : [meant, name];
  const at = [...short].findIndex((char, index) => char !== long[index]);
  if (at < 0) return true;
  const swapped = `${short.slice(0, at)}${short[at + 1] ?? ''}${short[at] ?? ''}${short.slice(at + 2)}`;
  return swapped === long || [short.slice(at), short.slice(at + 1)].includes(long.slice(at + 1));
}
