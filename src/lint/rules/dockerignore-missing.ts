import type { Rule } from '../rule.ts';
import { formatBytes, totalBytes } from '../subject/byte-count.ts';
import { wholeContextSource } from '../subject/copied-files.ts';

/** What no image wants, whatever is in it. */
const COMMON: readonly (readonly [pattern: string, path: RegExp])[] = [
  ['.git', /^\.git\//],
  ['.github', /^\.github\//],
  ['.gitlab-ci.yml', /^\.gitlab-ci\.yml$/],
  ['.dockerignore', /^\.dockerignore$/],
  ['Dockerfile*', /^Dockerfile[^/]*$/],
  ['**/compose*.y*ml', /(?:^|\/)compose[^/]*\.ya?ml$/],
  ['docker-compose*.y*ml', /^docker-compose[^/]*\.ya?ml$/],
  ['**/.env', /(?:^|\/)\.env$/],
  ['**/.env.*', /(?:^|\/)\.env\.[^/]+$/],
  ['**/.idea', /(?:^|\/)\.idea\//],
  ['**/.vscode', /(?:^|\/)\.vscode\//],
  ['**/.DS_Store', /(?:^|\/)\.DS_Store$/],
  ['**/node_modules', /(?:^|\/)node_modules\//],
  ['**/__pycache__', /(?:^|\/)__pycache__\//],
  ['**/.venv', /(?:^|\/)\.venv\//],
];

/** Without it a copy of everything is one of everything. */
export const dockerignoreMissing: Rule = {
  name: 'dockerignore-missing',
  family: 'context',
  severity: 'warning',
  level: 'default',
  summary: 'The whole context is copied and no .dockerignore holds anything back',

  *check(subject) {
    const { context } = subject;
    const source = context && wholeContextSource(subject);
    if (!context || !source || context.ignore || context.ignoreError) return;
    const { files } = context.files;
    const hits = COMMON.map(([pattern, path]) => ({ pattern, files: files.filter((file) => path.test(file.path)) }));
    const useful = hits.filter((hit) => hit.files.length > 0);
    const hidden = useful.flatMap((hit) => hit.files);
    // Only what stands beside any Dockerfile is there: nobody is harmed.
    if (hidden.every(({ path }) => /^Dockerfile[^/]*$/.test(path))) return;
    const text = [
      '# Kept from the build: it neither needs them nor should see them.',
      ...useful.map(({ pattern }) => pattern),
    ];
    yield {
      message: `${source.step.instruction.original} copies ${useful.map(({ pattern }) => pattern).join(', ')} too (${formatBytes(totalBytes(hidden))} of ${formatBytes(context.files.bytes)}).`,
      range: source.step.instruction.range,
      hint: 'Write a .dockerignore.',
      fix: {
        title: 'Write .dockerignore',
        safety: 'suggested',
        edits: [],
        writes: [{ path: '.dockerignore', text: `${text.join('\n')}\n` }],
      },
    };
  },
};
