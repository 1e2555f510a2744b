import { KnownError } from '../../diagnostics/known-error.ts';
import { redactUrls } from '../../diagnostics/redact.ts';
import { pathInTree } from '../pattern/go-text.ts';

/** A git repository and what of it is wanted: `https://host/repo.git#ref:subdir`, `git@host:repo.git?tag=v1`. */
export interface GitReference {
  /** What git is given, without the parts below. May hold credentials: redact it before it is shown. */
  readonly remote: string;
  /** A branch, tag, full ref or commit; undefined is the remote's default branch. */
  readonly ref: string | undefined;
  /** Slash-separated, relative to the repository's root; undefined is the root. */
  readonly subdir: string | undefined;
  /** Commit that the ref must be, in hex; a prefix is enough. */
  readonly checksum: string | undefined;
  readonly keepGitDir: boolean | undefined;
  /** True unless told otherwise. */
  readonly submodules: boolean;
  /** `github.com/user/repo`, which could as well be a path: only a build context may be written so, and no ADD. */
  readonly looksLocal: boolean;
}

const SCHEME = /^([a-zA-Z0-9]+):\/\//;
const GIT_SCHEMES = ['http', 'https', 'ssh', 'git'];
/** `user@host:path?query#fragment`; hyphens may not come first, since ssh would read an option. */
const SCP = /^([a-zA-Z0-9_][a-zA-Z0-9-_]*)@([a-zA-Z0-9][a-zA-Z0-9-.]*):([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s;
const COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/**
 * Reads a git reference as BuildKit does: an http(s) URL counts only when its path ends in `.git`. Returns undefined
 * for what is no git reference.
 * @throws KnownError USAGE for one that contradicts itself, or whose parts git could take for something else.
 */
export function parseGitReference(text: string): GitReference | undefined {
  if (text.startsWith('./') || text.startsWith('../')) return undefined;
  if (text.startsWith('github.com/')) {
    const url = parseUrl(`https://${text}`);
    return url && fromUrl(url, text, { looksLocal: true });
  }
  const scheme = SCHEME.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined) return parseScp(text);
  if (!GIT_SCHEMES.includes(scheme)) return undefined;
  const url = parseUrl(text);
  if (!url || (scheme.startsWith('http') && !url.pathname.endsWith('.git'))) return undefined;
  return fromUrl(url, text, { looksLocal: false });
}

/** Whether a ref is a whole commit id, which no remote has to be asked for. */
export function isCommit(ref: string): boolean {
  return COMMIT.test(ref);
}

function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

function parseScp(text: string): GitReference | undefined {
  const [, user, host, path = '', query = '', fragment = ''] = SCP.exec(text) ?? [];
  if (user === undefined) return undefined;
  return build(`${user}@${host}:${path}`, { query, fragment, text, looksLocal: false });
}

function fromUrl(url: URL, text: string, { looksLocal }: { readonly looksLocal: boolean }): GitReference {
  if (/^-|^%2d/i.test(url.hostname) || /^-|^%2d/i.test(url.username)) throw unusable(text, 'its host begins with "-"');
  const fragment = safeDecode(url.hash.slice(1));
  const query = url.search.slice(1);
  const remote = text.replace(/[?#].*$/s, '');
  return build(looksLocal ? `https://${remote}` : remote, { query, fragment, text, looksLocal });
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

interface Parts {
  readonly query: string;
  readonly fragment: string;
  readonly text: string;
  readonly looksLocal: boolean;
}

function build(remote: string, { query, fragment, text, looksLocal }: Parts): GitReference {
  const colon = fragment.indexOf(':');
  const chosen = new QueryReader(text, query);
  const fragmentRef = colon < 0 ? fragment : fragment.slice(0, colon);
  const fragmentDir = colon < 0 ? '' : pathInTree(fragment.slice(colon + 1));
  const ref = chosen.ref(fragmentRef === '' ? undefined : fragmentRef);
  const subdir = chosen.subdir(fragmentDir === '' ? undefined : fragmentDir);
  const checksum = chosen.value('checksum') ?? chosen.value('commit');
  if (ref !== undefined && !isSafeRef(ref)) throw unusable(text, `${JSON.stringify(ref)} is no name of a ref`);
  if (checksum !== undefined && !/^[0-9a-f]+$/i.test(checksum)) throw unusable(text, 'its checksum is not hexadecimal');
  return {
    remote,
    ref,
    subdir,
    checksum: checksum?.toLowerCase(),
    keepGitDir: chosen.flag('keep-git-dir'),
    submodules: chosen.flag('submodules') ?? true,
    looksLocal,
  };
}

/** git-check-ref-format, and nothing that git could read as an option or a refspec. */
function isSafeRef(ref: string): boolean {
  return !/^[-+]|[\s:?*[\\^~\u0000-\u001f\u007f]|\.\.|@\{|\/\/|\/$|\.lock$/.test(ref);
}

const QUERY_KEYS = ['ref', 'tag', 'branch', 'subdir', 'checksum', 'commit', 'keep-git-dir', 'submodules'];
const FLAGS = ['keep-git-dir', 'submodules'];
const TRUTH: Readonly<Record<string, boolean>> = {
  '': true,
  1: true,
  t: true,
  T: true,
  TRUE: true,
  true: true,
  True: true,
  0: false,
  f: false,
  F: false,
  FALSE: false,
  false: false,
  False: false,
};

/** The keys of BuildKit's URL query form; each once, none unknown. */
class QueryReader {
  readonly #text: string;
  readonly #values = new Map<string, string>();

  constructor(text: string, query: string) {
    this.#text = text;
    for (const [key, value] of new URLSearchParams(query)) {
      if (!QUERY_KEYS.includes(key)) throw unusable(text, `its query has an unknown key ${JSON.stringify(key)}`);
      if (this.#values.has(key)) throw unusable(text, `its query has "${key}" twice`);
      if (value === '' && !FLAGS.includes(key)) throw unusable(text, `"${key}" in its query has no value`);
      this.#values.set(key, value);
    }
  }

  value(key: string): string | undefined {
    return this.#values.get(key);
  }

  flag(key: string): boolean | undefined {
    const value = this.#values.get(key);
    if (value === undefined) return undefined;
    const truth = TRUTH[value];
    if (truth === undefined) throw unusable(this.#text, `"${key}" is neither true nor false`);
    return truth;
  }

  ref(fromFragment: string | undefined): string | undefined {
    const tag = qualified(this.value('tag'), 'refs/tags/');
    const branch = qualified(this.value('branch'), 'refs/heads/');
    return this.#agreed('ref', [fromFragment, this.value('ref'), tag, branch]);
  }

  subdir(fromFragment: string | undefined): string | undefined {
    const value = this.value('subdir');
    return this.#agreed('subdirectory', [fromFragment, value === undefined ? undefined : pathInTree(value)]);
  }

  #agreed(what: string, candidates: readonly (string | undefined)[]): string | undefined {
    const given = new Set(candidates.filter((candidate) => candidate !== undefined));
    if (given.size > 1) throw unusable(this.#text, `it names more than one ${what}: ${[...given].join(', ')}`);
    return [...given][0] || undefined;
  }
}

function qualified(name: string | undefined, prefix: string): string | undefined {
  return name === undefined || name.startsWith(prefix) ? name : prefix + name;
}

function unusable(text: string, why: string): KnownError {
  return new KnownError('USAGE', `The git reference ${JSON.stringify(redactUrls(text))} cannot be used: ${why}.`, {
    hint: 'Write https://host/repository.git#ref:subdirectory.',
    exitCode: 2,
  });
}
