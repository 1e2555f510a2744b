import type { Rule } from '../rule.ts';
import { contextSources } from '../subject/copied-files.ts';

/** A build fails on it before anything runs. */
export const dockerignoreSyntax: Rule = {
  name: 'dockerignore-syntax',
  family: 'context',
  severity: 'error',
  level: 'default',
  summary: '.dockerignore has a pattern that cannot be read',

  *check(subject) {
    const error = subject.context?.ignoreError;
    const [source] = contextSources(subject);
    if (!error) return;
    const line = error.range ? ` (line ${error.range.start.line})` : '';
    yield {
      message: `.dockerignore cannot be read${line}: ${error.message}`,
      range: source?.step.instruction.range ?? subject.target.from.range,
      hint: error.hint,
    };
  },
};
