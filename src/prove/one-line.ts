import { appendFileSync } from 'node:fs';
import { extname } from 'node:path';
import { contextFiles } from '../context/context-files.ts';
import type { FileEntry } from '../context/file-tree.ts';

/** A line that changes a file and not what it means, by the file's extension. */
const LINES: Readonly<Record<string, string>> = {
  '.go': '// one line\n',
  '.js': '// one line\n',
  '.ts': '// one line\n',
  '.java': '// one line\n',
  '.rs': '// one line\n',
  '.c': '// one line\n',
  '.cpp': '// one line\n',
  '.py': '# one line\n',
  '.rb': '# one line\n',
  '.sh': '# one line\n',
  '.html': '<!-- one line -->\n',
  '.css': '/* one line */\n',
};
const MOST_FILES = 20_000;

/**
 * The file of a context that somebody who works on the project would edit: of the language that most of its sources are
 * in, the one nearest to the root with the most to say, tests left out. undefined where there are no sources.
 */
export function findChangeable(contextDir: string): string | undefined {
  const { files } = contextFiles(contextDir, { limit: MOST_FILES });
  const sources = files.filter(({ type, path }) => type === 'file' && isSource(path));
  const counts = new Map<string, number>();
  for (const { path } of sources) counts.set(extname(path), (counts.get(extname(path)) ?? 0) + 1);
  const [language] = [...counts].sort((a, b) => b[1] - a[1])[0] ?? [];
  return sources.filter(({ path }) => extname(path) === language).toSorted(byInterest)[0]?.path;
}

function isSource(path: string): boolean {
  const isForeign = /(?:^|\/)(?:vendor|node_modules|testdata|\.[^/]+)\//.test(path) || /[._]test\.\w+$/.test(path);
  return extname(path) in LINES && !isForeign;
}

function byInterest(a: FileEntry, b: FileEntry): number {
  const depth = ({ path }: FileEntry): number => path.split('/').length;
  return depth(a) - depth(b) || b.size - a.size || (a.path < b.path ? -1 : 1);
}

export function changeOneLine(file: string): void {
  appendFileSync(file, `\n${LINES[extname(file)] ?? '\n'}`);
}
