import { existsSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import type { PatternMatcher } from '../context/pattern/pattern-matcher.ts';
import { readIgnoreFile } from '../context/read-ignore-file.ts';
import { type ContextArgument, parseContextArgument } from '../context/remote/context-argument.ts';
import { KnownError } from '../diagnostics/known-error.ts';
import { redactUrls } from '../diagnostics/redact.ts';
import { parseBool } from '../dockerfile/go-number.ts';
import type { BuildOptions } from './build-options.ts';
import { nearestPath } from './nearest-path.ts';
import type { BuildContextTree } from './ops/op-environment.ts';
import { readDockerfile, readDockerfileFrom, readDockerfileIn } from './read-dockerfile.ts';
import type { RemoteContexts } from './remote-contexts.ts';

/** Where the main context's files are. */
export type MainContext =
  /** A directory of this machine, by its absolute path; a step opens it when it first selects from it. */
  | { readonly kind: 'directory'; readonly dir: string; readonly ignore: PatternMatcher | undefined }
  /** Fetched, or come on stdin; `address` tells it from others. */
  | { readonly kind: 'files'; readonly files: BuildContextTree; readonly address: string }
  /** A Dockerfile alone on stdin. */
  | { readonly kind: 'empty' };

/** What a build is made from, found and read; a directory's files are not. */
export interface BuildInputs {
  /** Text of the Dockerfile. */
  readonly source: string;
  /** Name of the Dockerfile for people. */
  readonly file: string;
  readonly context: MainContext;
}

const DEFAULT_NAME = 'Dockerfile';
const CONTEXT_NAME = 'the build context';
/** What BuildKit calls a context that is a single file. */
const SINGLE_FILE = 'context';

/** @throws KnownError CONTEXT_NOT_FOUND, CONTEXT_FETCH_FAILED, ARCHIVE_INVALID, DOCKERFILE_NOT_FOUND, DOCKERIGNORE_SYNTAX, USAGE */
export async function readBuildInputs(options: BuildOptions, remote: RemoteContexts): Promise<BuildInputs> {
  const isDirectory = (path: string) => isDirectoryAt(resolve(options.cwd, path));
  const argument = parseContextArgument(options.context, { isDirectory });
  switch (argument.kind) {
    case 'stdin':
      return fromStdin(options, remote);
    case 'git': {
      const keepGitDir = parseBool(options.buildArgs?.BUILDKIT_CONTEXT_KEEP_GIT_DIR ?? '') ?? false;
      return fromFiles(await remote.git(argument.git, { name: CONTEXT_NAME, keepGitDir }), options, remote);
    }
    case 'http':
      return fromHttp(argument.url, options, remote);
    default:
      return fromDirectory(argument, options, remote);
  }
}

async function fromDirectory(
  argument: ContextArgument,
  options: BuildOptions,
  remote: RemoteContexts,
): Promise<BuildInputs> {
  const path = argument.kind === 'local' ? argument.path : options.context;
  const dir = resolve(options.cwd, path);
  if (!isDirectoryAt(dir)) throw contextNotFound(path, options.cwd);
  const outside = await dockerfileFromOutside(options, remote);
  if (outside) return { ...outside, context: { kind: 'directory', dir, ignore: readIgnoreFile(dir) } };
  const file = options.dockerfile ?? join(dir, DEFAULT_NAME);
  const source = readDockerfile(file, options.cwd);
  const ignore = readIgnoreFile(dir, resolve(options.cwd, file));
  return { source, file: options.dockerfile ?? DEFAULT_NAME, context: { kind: 'directory', dir, ignore } };
}

async function fromStdin(options: BuildOptions, remote: RemoteContexts): Promise<BuildInputs> {
  if (options.dockerfile === '-') {
    throw usage('stdin cannot be both the build context and the Dockerfile', 'Leave one of "-" and "-f -" out.');
  }
  if (!options.stdin)
    throw usage('there is no stdin to read the build context from', 'Pipe an archive or a Dockerfile.');
  const { content, files } = await remote.stream(options.stdin, CONTEXT_NAME);
  if (content.kind === 'archive') return fromFiles(files, options, remote);
  if (options.dockerfile !== undefined) {
    throw usage('a Dockerfile came on stdin, and -f names another', 'Leave -f out, or pipe an archive.');
  }
  return { source: content.text, file: DEFAULT_NAME, context: { kind: 'empty' } };
}

async function fromHttp(url: string, options: BuildOptions, remote: RemoteContexts): Promise<BuildInputs> {
  const { files, isArchive } = await remote.http(url, { name: CONTEXT_NAME, fileName: SINGLE_FILE });
  if (isArchive || options.dockerfile !== undefined) return fromFiles(files, options, remote);
  return {
    source: readDockerfileIn(files.tree, SINGLE_FILE),
    file: DEFAULT_NAME,
    context: filesContext(files, options),
  };
}

/** The Dockerfile is in the context as well, unless -f names one of this machine by its absolute path. */
async function fromFiles(files: BuildContextTree, options: BuildOptions, remote: RemoteContexts): Promise<BuildInputs> {
  const context = filesContext(files, options);
  const outside = await dockerfileFromOutside(options, remote);
  if (outside) return { ...outside, context };
  const { dockerfile: file = DEFAULT_NAME, cwd } = options;
  return { source: isAbsolute(file) ? readDockerfile(file, cwd) : readDockerfileIn(files.tree, file), file, context };
}

function filesContext(files: BuildContextTree, { context }: BuildOptions): MainContext {
  return { kind: 'files', files, address: context };
}

/** A Dockerfile on stdin or from a URL; undefined when -f says neither. */
async function dockerfileFromOutside(
  { dockerfile, stdin }: BuildOptions,
  remote: RemoteContexts,
): Promise<Pick<BuildInputs, 'source' | 'file'> | undefined> {
  if (dockerfile === '-') return { source: await readDockerfileFrom(stdin), file: DEFAULT_NAME };
  if (dockerfile === undefined || !/^https?:\/\//i.test(dockerfile)) return undefined;
  return { source: await remote.text(dockerfile), file: DEFAULT_NAME };
}

function isDirectoryAt(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function contextNotFound(path: string, cwd: string): KnownError {
  const isThere = existsSync(resolve(cwd, path));
  const context = `The build context ${JSON.stringify(redactUrls(path))}`;
  const message = isThere ? `${context} is a file, not a directory.` : `${context} does not exist.`;
  return new KnownError('CONTEXT_NOT_FOUND', message, { hint: isThere ? hintForFile(path) : hintFor(path, cwd) });
}

function hintForFile(path: string): string {
  return `Name the directory to copy from; a Dockerfile goes behind -f: slipway build -f ${path} ${dirname(path)}`;
}

function hintFor(path: string, cwd: string): string {
  const meant = nearestPath(path, cwd);
  return meant ? `Did you mean "${meant}"?` : 'Name the directory that the Dockerfile copies from; it is often ".".';
}

function usage(problem: string, hint: string): KnownError {
  return new KnownError('USAGE', `Nothing can be built: ${problem}.`, { hint, exitCode: 2 });
}
