import type { FileEntry } from '../../context/file-tree.ts';
import type { Rule } from '../rule.ts';
import { findSentInVain } from '../subject/sent-in-vain.ts';

/** Names that nobody gives to sources. */
const OUTPUT =
  /(?:^|\/)(__pycache__|\.venv|\.pytest_cache|\.mypy_cache|\.ruff_cache|\.tox|\.next|\.nuxt|\.gradle|\.terraform|\.nyc_output|\.parcel-cache|\.turbo|htmlcov)\//;

/** What tools made on this machine: large, changing, and made again by the build. */
export const buildOutputInContext: Rule = {
  name: 'build-output-in-context',
  family: 'context',
  severity: 'info',
  level: 'default',
  summary: 'Caches and results of tools on this machine are copied with the sources',

  check: (subject) =>
    findSentInVain(subject, {
      what: 'Caches and results of tools',
      isOne: ({ path }) => OUTPUT.test(path),
      patterns: (files) => [...new Set(files.map(directoryOf))].map((name) => `**/${name}`),
    }),
};

function directoryOf({ path }: FileEntry): string {
  return OUTPUT.exec(path)?.[1] ?? path;
}
