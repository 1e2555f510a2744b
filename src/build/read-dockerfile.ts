import { closeSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, posix, relative, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import type { FileTree } from '../context/file-tree.ts';
import { openEntry } from '../context/open-entry.ts';
import { resolvePath } from '../context/resolve-path.ts';
import { KnownError, systemErrorCode } from '../diagnostics/known-error.ts';
import { nearest } from '../diagnostics/suggest.ts';

/** A Dockerfile that is larger than this is none. */
const MAX_BYTES = 16 * 1024 * 1024;

/** The text of a Dockerfile of this machine, relative to `cwd`. @throws KnownError DOCKERFILE_NOT_FOUND, DOCKERFILE_SYNTAX */
export function readDockerfile(path: string, cwd: string): string {
  const file = resolve(cwd, path);
  try {
    assertSize(statSync(file).size, path);
    return readFileSync(file, 'utf8');
  } catch (error) {
    const problem = PROBLEMS.get(systemErrorCode(error) ?? '');
    if (problem === undefined) throw error;
    const shown = relative(cwd, file).startsWith('..') ? file : relative(cwd, file);
    throw notFound(`${shown} ${problem}.`, file, { names: namesIn(dirname(file)), cause: error });
  }
}

/** The text of a Dockerfile in a context that is no directory. @throws KnownError DOCKERFILE_NOT_FOUND, DOCKERFILE_SYNTAX */
export function readDockerfileIn(tree: FileTree, path: string): string {
  const { entry, parent } = resolvePath(tree, path);
  if (entry?.type !== 'file') {
    const problem = entry ? 'is no file' : 'does not exist';
    throw notFound(`${path} ${problem} in ${tree.name}.`, path, { names: parent ? tree.readdir(parent.path) : [] });
  }
  assertSize(entry.size, path);
  const fd = openEntry(entry);
  try {
    return readFileSync(fd, 'utf8');
  } finally {
    closeSync(fd);
  }
}

/** A Dockerfile that comes on stdin. @throws KnownError DOCKERFILE_SYNTAX */
export async function readDockerfileFrom(stdin: Readable | undefined): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stdin ?? []) {
    size += chunk.length;
    assertSize(size, 'What came on stdin');
    chunks.push(Buffer.from(chunk));
  }
  return Buffer.concat(chunks).toString();
}

const PROBLEMS: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'does not exist'],
  ['ENOTDIR', 'does not exist'],
  ['EISDIR', 'is a directory'],
  ['EACCES', 'may not be read'],
]);

function assertSize(bytes: number, what: string): void {
  if (bytes <= MAX_BYTES) return;
  throw new KnownError('DOCKERFILE_SYNTAX', `${what} has more than ${MAX_BYTES} bytes: too many for a Dockerfile.`);
}

function notFound(
  message: string,
  path: string,
  { names, cause }: { readonly names: readonly string[]; readonly cause?: unknown },
): KnownError {
  return new KnownError('DOCKERFILE_NOT_FOUND', message, { hint: otherDockerfile(path, names), cause });
}

/** What is there in its place: a name that differs in case or spelling, or the name other tools use. */
function otherDockerfile(path: string, names: readonly string[]): string {
  const candidates = names.filter((name) => /dockerfile|containerfile/i.test(name) && !name.endsWith('.dockerignore'));
  const meant = nearest(posix.basename(path), candidates) ?? candidates[0];
  return meant ? `There is "${meant}": build it with -f ${meant}.` : 'Write one, or name it with -f PATH.';
}

function namesIn(dir: string): readonly string[] {
  try {
    return readdirSync(dir);
  } catch {
    // Only for a hint: a folder that cannot be read has none to give.
    return [];
  }
}
