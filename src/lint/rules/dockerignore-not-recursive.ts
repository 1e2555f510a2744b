import type { Rule } from '../rule.ts';
import { formatBytes, totalBytes } from '../subject/byte-count.ts';
import { copiedFiles, wholeContextSource } from '../subject/copied-files.ts';

/** In .gitignore a bare name counts in every directory, in .dockerignore at the root alone. */
export const dockerignoreNotRecursive: Rule = {
  name: 'dockerignore-not-recursive',
  family: 'context',
  severity: 'warning',
  level: 'default',
  summary: 'A pattern of .dockerignore hides a name at the root only, and the same name below is sent',

  *check(subject) {
    const { context } = subject;
    const source = context && wholeContextSource(subject);
    if (!context?.ignore || !source) return;
    const files = copiedFiles(context, source);
    for (const { text, range } of context.ignore.patterns) {
      // Names of which every copy is meant; `bin` or `data` may well be meant at the root alone.
      const name =
        /^\/?(node_modules|__pycache__|\.env|\.venv|\.git|\.idea|\.vscode|\.DS_Store|\.terraform|\*\.(?:log|pyc|swp|pem|key|tmp))\/?$/.exec(
          text,
        )?.[1];
      if (name === undefined) continue;
      const ending = name.startsWith('*') ? name.slice(1) : undefined;
      const sent = files.filter(({ path }) =>
        ending ? path.endsWith(ending) && path.includes('/') : path.includes(`/${name}/`) || path.endsWith(`/${name}`),
      );
      const [first] = sent;
      if (!first) continue;
      yield {
        message: `The pattern ${text} of .dockerignore${range ? ` (line ${range.start.line})` : ''} counts at the root only: ${first.path} is sent${sent.length > 1 ? ` and ${sent.length - 1} more` : ''} (${formatBytes(totalBytes(sent))}).`,
        range: source.step.instruction.range,
        hint: `Write **/${name}.`,
      };
    }
  },
};
