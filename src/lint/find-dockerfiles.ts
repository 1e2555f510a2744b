import { type Dirent, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { systemErrorCode } from '../diagnostics/known-error.ts';

const NAME = /^(?:(?:docker|container)file(?:[._-].+)?|.+\.(?:docker|container)file)$/i;
/** Beside a Dockerfile and named after it, but something else. */
const OTHER = /\.(?:dockerignore|md|txt|ya?ml|json|sh|go|js|ts|py|tmpl|tpl|template|j2|jinja2?|orig|rej|bak|swp)$|~$/i;
/** Other people's files, and files that programs made. */
const FOREIGN: ReadonlySet<string> = new Set(['.git', '.hg', '.svn', 'node_modules', 'vendor', '.terraform', '.venv']);
const MOST_DEPTH = 40;

export function isDockerfileName(name: string): boolean {
  return NAME.test(name) && !OTHER.test(name);
}

/** Dockerfiles below a directory, in order of path; links are not followed, folders of other people's files are left out. */
export function findDockerfiles(dir: string, depth = 0): readonly string[] {
  if (depth > MOST_DEPTH) return [];
  const found: string[] = [];
  for (const entry of entriesOf(dir)) {
    const path = join(dir, entry.name);
    if (entry.isFile() && isDockerfileName(entry.name)) found.push(path);
    else if (entry.isDirectory() && !FOREIGN.has(entry.name)) found.push(...findDockerfiles(path, depth + 1));
  }
  return found;
}

function entriesOf(dir: string): readonly Dirent[] {
  try {
    return readdirSync(dir, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    // A folder that may not be read holds nothing that can be linted.
    if (systemErrorCode(error) === 'EACCES') return [];
    throw error;
  }
}
