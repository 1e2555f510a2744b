import { KnownError } from '../../../diagnostics/known-error.ts';
import { parseBool } from '../../../dockerfile/go-number.ts';

/** A git repository as ADD names it: `https://host/repo.git#ref:subdir`, `git@host:path`, and the query form. */
export interface GitReference {
  /** What git clones: without fragment and query. */
  readonly remote: string;
  readonly ref: string;
  readonly subdir: string;
  /** A commit that has to be found. */
  readonly checksum: string;
  readonly keepGitDir: boolean | undefined;
  readonly submodules: boolean | undefined;
}

const URL_SCHEME = /^([a-z0-9]+):\/\//i;
const SCP_STYLE = /^([\w-]+@[a-z0-9.-]+:.*?)(?:\?(.*?))?(?:#(.*))?$/i;

/**
 * undefined when the text names no repository: http(s) addresses do only when their path ends with `.git`.
 * @throws KnownError DOCKERFILE_INVALID_VALUE when it does and its query makes no sense.
 */
export function parseGitReference(text: string): GitReference | undefined {
  const parts = URL_SCHEME.test(text) ? splitUrl(text) : splitScp(text);
  if (parts === undefined) return undefined;
  const colon = parts.fragment.indexOf(':');
  const fromFragment: GitReference = {
    remote: parts.remote,
    ref: colon === -1 ? parts.fragment : parts.fragment.slice(0, colon),
    subdir: colon === -1 ? '' : parts.fragment.slice(colon + 1),
    checksum: '',
    keepGitDir: undefined,
    submodules: undefined,
  };
  return applyQuery(fromFragment, new URLSearchParams(parts.query), text);
}

interface ReferenceParts {
  readonly remote: string;
  readonly query: string;
  readonly fragment: string;
}

function splitUrl(text: string): ReferenceParts | undefined {
  const scheme = URL_SCHEME.exec(text)?.[1]?.toLowerCase() ?? '';
  if (!['http', 'https', 'ssh', 'git'].includes(scheme)) return undefined;
  const [beforeFragment = '', fragment = ''] = splitOnce(text, '#');
  const [remote = '', query = ''] = splitOnce(beforeFragment, '?');
  if (scheme.startsWith('http') && !/:\/\/[^/]+\/.*\.git$/.test(remote)) return undefined;
  return { remote, query, fragment: decode(fragment) };
}

function splitScp(text: string): ReferenceParts | undefined {
  const match = SCP_STYLE.exec(text);
  if (match === null) return undefined;
  return { remote: match[1] ?? '', query: match[2] ?? '', fragment: match[3] ?? '' };
}

function decode(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}

function splitOnce(text: string, separator: string): readonly string[] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function applyQuery(reference: GitReference, query: URLSearchParams, text: string): GitReference {
  let result = reference;
  const fail = (what: string): never => {
    throw new KnownError('DOCKERFILE_INVALID_VALUE', `The git address ${JSON.stringify(text)} ${what}.`);
  };
  for (const name of new Set(query.keys())) {
    const [value = '', ...more] = query.getAll(name);
    if (more.length > 0) fail(`has ${name} more than once`);
    if (value === '' && name !== 'keep-git-dir' && name !== 'submodules') fail(`has no value for ${name}`);
    const read = Object.hasOwn(QUERY, name) ? QUERY[name] : undefined;
    const change = read?.(value) ?? fail(read === undefined ? `has an unknown ${name}` : `has ${name}=${value}`);
    for (const key of ['ref', 'subdir'] as const) {
      const before = result[key];
      if (change[key] !== undefined && before !== '' && before !== change[key]) fail(`names two different ${key}s`);
    }
    result = { ...result, ...change };
  }
  return result;
}

/** undefined: the value makes no sense. */
const QUERY: Readonly<Record<string, (value: string) => Partial<GitReference> | undefined>> = {
  ref: (value) => ({ ref: value }),
  tag: (value) => ({ ref: value.startsWith('refs/tags/') ? value : `refs/tags/${value}` }),
  branch: (value) => ({ ref: value.startsWith('refs/heads/') ? value : `refs/heads/${value}` }),
  subdir: (value) => ({ subdir: value }),
  checksum: (value) => ({ checksum: value }),
  commit: (value) => ({ checksum: value }),
  'keep-git-dir': (value) => optionalFlag('keepGitDir', value),
  submodules: (value) => optionalFlag('submodules', value),
};

function optionalFlag(key: 'keepGitDir' | 'submodules', value: string): Partial<GitReference> | undefined {
  const flag = value === '' ? true : parseBool(value);
  return flag === undefined ? undefined : { [key]: flag };
}
