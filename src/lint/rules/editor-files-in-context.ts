import type { Rule } from '../rule.ts';
import { findSentInVain } from '../subject/sent-in-vain.ts';

const NAMES: readonly (readonly [pattern: string, path: RegExp])[] = [
  ['**/.idea', /(?:^|\/)\.idea\//],
  ['**/.vscode', /(?:^|\/)\.vscode\//],
  ['**/.vs', /(?:^|\/)\.vs\//],
  ['**/.DS_Store', /(?:^|\/)\.DS_Store$/],
  ['**/*.swp', /\.sw[po]$/],
  ['**/Thumbs.db', /(?:^|\/)Thumbs\.db$/],
];

/** They change while nothing of the program does: each time the cache of all below is lost. */
export const editorFilesInContext: Rule = {
  name: 'editor-files-in-context',
  family: 'context',
  severity: 'info',
  level: 'default',
  summary: "An editor's own files are copied with the sources",

  check: (subject) =>
    findSentInVain(subject, {
      what: 'Files of an editor or desktop',
      isOne: ({ path }) => NAMES.some(([, name]) => name.test(path)),
      patterns: (files) =>
        NAMES.filter(([, name]) => files.some(({ path }) => name.test(path))).map(([pattern]) => pattern),
    }),
};
