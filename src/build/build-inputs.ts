import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { parseIgnoreFile } from '../context/pattern/ignore-file.ts';
import type { PatternMatcher } from '../context/pattern/pattern-matcher.ts';
import { KnownError, systemErrorCode } from '../diagnostics/known-error.ts';
import { nearest } from '../diagnostics/suggest.ts';
import type { BuildOptions } from './build-options.ts';
import { readOptionalFile } from './read-optional-file.ts';

/** What a build is made from, found and read; the context's files are not. */
export interface BuildInputs {
  /** Text of the Dockerfile. */
  readonly source: string;
  /** Name of the Dockerfile for people. */
  readonly file: string;
  /** Absolute path of the build context. */
  readonly contextDir: string;
  /** What .dockerignore hides. */
  readonly ignore: PatternMatcher | undefined;
}

/** A Dockerfile larger than this is none. */
const DOCKERFILE_LIMIT = 16 * 1024 * 1024;

/** @throws KnownError CONTEXT_NOT_FOUND, DOCKERFILE_NOT_FOUND, DOCKERIGNORE_SYNTAX */
export async function readBuildInputs(options: BuildOptions): Promise<BuildInputs> {
  const contextDir = localContext(options);
  if (options.dockerfile === '-') {
    const source = await readAll(options.stdin);
    return {
      source,
      file: 'Dockerfile',
      contextDir,
      ignore: readIgnore([join(contextDir, '.dockerignore')], contextDir),
    };
  }
  const path =
    options.dockerfile === undefined ? join(contextDir, 'Dockerfile') : resolve(options.cwd, options.dockerfile);
  const source = readDockerfile(path, options);
  const ignore = readIgnore([`${path}.dockerignore`, join(contextDir, '.dockerignore')], contextDir);
  return { source, file: options.dockerfile ?? basename(path), contextDir, ignore };
}

function localContext({ context, cwd }: BuildOptions): string {
  if (context === '-' || /^(?:https?|git|ssh):\/\/|^git@|^github\.com\//.test(context)) {
    throw new KnownError('CONTEXT_NOT_FOUND', `The build context ${JSON.stringify(context)} is not a directory.`, {
      hint: 'Archives on stdin, git and http(s) URLs cannot be built from yet: fetch it and name the directory.',
    });
  }
  const dir = resolve(cwd, context);
  if (statSync(dir, { throwIfNoEntry: false })?.isDirectory()) return dir;
  const meant = nearest(basename(dir), namesIn(dirname(dir)));
  throw new KnownError('CONTEXT_NOT_FOUND', `The build context ${JSON.stringify(context)} is not a directory.`, {
    hint: meant
      ? `Did you mean "${join(dirname(context), meant)}"?`
      : 'Name the directory that the Dockerfile copies from; it is often ".".',
  });
}

function readDockerfile(path: string, { dockerfile, cwd }: BuildOptions): string {
  try {
    const { size } = statSync(path);
    if (size > DOCKERFILE_LIMIT)
      throw new KnownError('DOCKERFILE_SYNTAX', `${path} has ${size} bytes: too many for a Dockerfile.`);
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (!['ENOENT', 'ENOTDIR', 'EISDIR', 'EACCES'].includes(systemErrorCode(error) ?? '')) throw error;
    const shown = dockerfile ?? relative(cwd, path);
    const why =
      systemErrorCode(error) === 'EACCES'
        ? 'may not be read'
        : systemErrorCode(error) === 'EISDIR'
          ? 'is a directory'
          : 'does not exist';
    throw new KnownError('DOCKERFILE_NOT_FOUND', `${shown} ${why}.`, { hint: otherDockerfile(path), cause: error });
  }
}

/** What is there in its place: a name that differs in case or spelling, or the name other tools use. */
function otherDockerfile(path: string): string {
  const names = namesIn(dirname(path)).filter(
    (name) => /dockerfile|containerfile/i.test(name) && !name.endsWith('.dockerignore'),
  );
  const meant = nearest(basename(path), names) ?? names[0];
  return meant ? `There is "${meant}": build it with -f ${meant}.` : 'Write one, or name it with -f PATH.';
}

function namesIn(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch {
    // Only for a hint: a folder that cannot be read has none to give.
    return [];
  }
}

/** The first of the files that is there decides; a Dockerfile's own comes before the context's. */
function readIgnore(paths: readonly string[], contextDir: string): PatternMatcher | undefined {
  for (const path of paths) {
    const text = readOptionalFile(path);
    if (text !== undefined) return parseIgnoreFile(text, relative(contextDir, path));
  }
  return undefined;
}

async function readAll(stream: Readable | undefined): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream ?? []) {
    size += chunk.length;
    if (size > DOCKERFILE_LIMIT)
      throw new KnownError('DOCKERFILE_SYNTAX', 'What came on stdin is too long for a Dockerfile.');
    chunks.push(Buffer.from(chunk));
  }
  return Buffer.concat(chunks).toString();
}
