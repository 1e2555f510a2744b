import { posix } from 'node:path';
import { KnownError } from '../../../diagnostics/known-error.ts';
import { isDigest } from '../../../image/digest.ts';
import { createVertex } from '../../graph/create-vertex.ts';
import type { CopySource, FetchOp } from '../../graph/op.ts';
import type { VertexInputs } from '../stage/vertex-inputs.ts';
import { normalizePath } from '../value/normalize-path.ts';
import type { CopyRequest } from './copy-request.ts';
import type { GitReference } from './git-reference.ts';
import { parseGitReference } from './git-reference.ts';

interface SourceScope {
  readonly request: CopyRequest;
  readonly inputs: VertexInputs;
  /** Of the step, which a fetch for it carries too. */
  readonly name: string;
}

const UNNAMED_DOWNLOAD = '__unnamed__';
const PIVOT = '/./';

/** The sources of COPY and ADD in order, heredocs last as BuildKit has them. */
export function copySources(scope: SourceScope): readonly CopySource[] {
  const { request } = scope;
  checkChecksum(request);
  return [
    ...request.sources.map((text) => copySource(text, scope)),
    ...request.documents.map(({ name, content }): CopySource => ({ type: 'inline', fileName: name, content })),
  ];
}

function copySource(text: string, scope: SourceScope): CopySource {
  const git = parseGitReference(text);
  if (git !== undefined) return gitSource(git, scope);
  return isHttpUrl(text) ? httpSource(text, scope) : pathSource(text, scope);
}

function isHttpUrl(text: string): boolean {
  return text.startsWith('http://') || text.startsWith('https://');
}

function gitSource(git: GitReference, scope: SourceScope): CopySource {
  onlyForAdd(scope.request, 'a git repository');
  return fetched(gitFetch(git, scope.request), { pattern: '/', unpack: 'never' }, scope);
}

function gitFetch(git: GitReference, request: CopyRequest): FetchOp['source'] {
  const agree = <T>(a: T | undefined, b: T | undefined, flag: string): T | undefined => {
    if (a === undefined || b === undefined || a === b) return a ?? b;
    throw invalid(request, `--${flag} contradicts what the address of the repository says.`);
  };
  const checksum = agree(request.checksum || undefined, git.checksum || undefined, 'checksum');
  return {
    type: 'git',
    remote: git.remote,
    ...(git.ref === '' ? {} : { ref: git.ref }),
    ...(git.subdir === '' ? {} : { subdir: git.subdir }),
    keepGitDir: agree(request.keepGitDir, git.keepGitDir, 'keep-git-dir') ?? false,
    ...(git.submodules === false ? { submodules: false } : {}),
    ...(checksum === undefined ? {} : { checksum }),
  };
}

/** A download is not unpacked unless --unpack asks for it. */
function httpSource(url: string, scope: SourceScope): CopySource {
  const { request } = scope;
  onlyForAdd(request, 'a URL');
  const { checksum } = request;
  if (checksum !== '' && !isDigest(checksum)) {
    throw invalid(request, `--checksum=${checksum} is no sha256 digest.`, 'Write sha256: and 64 hexadecimal digits.');
  }
  const fileName = downloadName(url);
  const source = { type: 'http', url, fileName, ...(checksum === '' ? {} : { checksum }) } as const;
  return fetched(source, { pattern: `/${fileName}`, unpack: request.unpack === true ? 'auto' : 'never' }, scope);
}

function downloadName(url: string): string {
  const path = URL.canParse(url) ? new URL(url).pathname : '';
  const name = posix.basename(safeDecode(path));
  return name === '' || name === '.' || name === '..' ? UNNAMED_DOWNLOAD : name;
}

function safeDecode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function fetched(
  source: FetchOp['source'],
  result: { readonly pattern: string; readonly unpack: 'auto' | 'never' },
  { request, inputs, name }: SourceScope,
): CopySource {
  const vertex = createVertex({ op: { kind: 'fetch', source }, origin: request.instruction.range, name });
  return { type: 'path', input: inputs.indexOf(vertex), ...result, literal: true };
}

function pathSource(text: string, { request, inputs }: SourceScope): CopySource {
  const unpack = (request.unpack ?? request.instruction.kind === 'ADD') ? 'auto' : 'never';
  const input = inputs.indexOf(request.from);
  const leaving = leavesRoot(text) ? { leavesRoot: true } : {};
  if (!request.parents) return { type: 'path', input, pattern: normalizePath('/', text), unpack, ...leaving };
  const pivot = text.indexOf(PIVOT);
  const [root, below] = pivot === -1 ? ['/', text] : [text.slice(0, pivot), text.slice(pivot + PIVOT.length)];
  const include = normalizePath('/', below).slice(1);
  return { type: 'path', input, pattern: normalizePath('/', root), unpack, include, ...leaving };
}

function leavesRoot(path: string): boolean {
  return posix.normalize(`./${path}`).startsWith('../');
}

function checkChecksum(request: CopyRequest): void {
  if (request.checksum === '') return;
  const [source = '', ...more] = request.sources;
  if (more.length > 0 || (!isHttpUrl(source) && parseGitReference(source) === undefined)) {
    throw invalid(request, '--checksum is for one source that is a URL or a git repository.');
  }
}

function onlyForAdd(request: CopyRequest, what: string): void {
  if (request.instruction.kind === 'ADD') return;
  throw invalid(request, `COPY cannot have ${what} for a source.`, 'Use ADD, which can.');
}

function invalid(request: CopyRequest, message: string, hint?: string): KnownError {
  return new KnownError('DOCKERFILE_INVALID_VALUE', message, { hint, range: request.instruction.range });
}
