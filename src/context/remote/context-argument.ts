import { type GitReference, parseGitReference } from './git-reference.ts';

/** What the PATH of `slipway build`, or the value of a --build-context, stands for. */
export type ContextArgument =
  | { readonly kind: 'local'; readonly path: string }
  /** `-`: an archive or a Dockerfile on the standard input. */
  | { readonly kind: 'stdin' }
  | { readonly kind: 'git'; readonly git: GitReference }
  /** An archive or a Dockerfile. */
  | { readonly kind: 'http'; readonly url: string }
  | { readonly kind: 'image'; readonly reference: string }
  | { readonly kind: 'oci-layout'; readonly path: string; readonly reference: string | undefined }
  /** `target:` of docker bake names another build's result. */
  | { readonly kind: 'target'; readonly name: string };

export interface ContextArgumentOptions {
  /** A directory of this name goes before everything but `-`, as in docker: `github.com/user/repo` may be one. */
  readonly isDirectory: (path: string) => boolean;
  /** A value of --build-context, which may also be an image and is never the standard input. */
  readonly named?: boolean;
}

/**
 * Decides what a context argument is. Nothing is opened; a local path need not exist.
 * @throws KnownError USAGE for a git reference that contradicts itself.
 */
export function parseContextArgument(text: string, options: ContextArgumentOptions): ContextArgument {
  if (options.named) {
    const special = parseNamedContext(text);
    if (special) return special;
  } else if (text === '-') return { kind: 'stdin' };
  if (options.isDirectory(text)) return { kind: 'local', path: text };
  const git = parseGitReference(text);
  if (git) return { kind: 'git', git };
  return /^https?:\/\//i.test(text) ? { kind: 'http', url: text } : { kind: 'local', path: text };
}

function parseNamedContext(text: string): ContextArgument | undefined {
  const [, scheme, rest = ''] = /^(docker-image|oci-layout|target):(?:\/\/)?(.*)$/s.exec(text) ?? [];
  switch (scheme) {
    case 'docker-image':
      return { kind: 'image', reference: rest };
    case 'target':
      return { kind: 'target', name: rest };
    case 'oci-layout':
      return parseLayout(rest);
    default:
      return undefined;
  }
}

/** `path`, `path:tag` or `path@digest`. */
function parseLayout(text: string): ContextArgument {
  const at = text.indexOf('@');
  const separator = at < 0 ? text.lastIndexOf(':') : at;
  if (separator < 0 || text.indexOf('/', separator) >= 0)
    return { kind: 'oci-layout', path: text, reference: undefined };
  return { kind: 'oci-layout', path: text.slice(0, separator), reference: text.slice(separator + 1) };
}
