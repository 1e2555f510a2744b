import { createHash } from 'node:crypto';
import { lstatSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { emptyTree } from '../context/empty-tree.ts';
import { forgetfulFileDigests, openFileDigests } from '../context/file-digests.ts';
import { openLocalTree } from '../context/local-tree.ts';
import type { PatternMatcher } from '../context/pattern/pattern-matcher.ts';
import { readIgnoreFile } from '../context/read-ignore-file.ts';
import { type ContextArgument, parseContextArgument } from '../context/remote/context-argument.ts';
import { fileNameOfUrl } from '../context/remote/http-file-name.ts';
import { KnownError } from '../diagnostics/known-error.ts';
import { redactUrls } from '../diagnostics/redact.ts';
import { nearest } from '../diagnostics/suggest.ts';
import type { Store } from '../distribution/store.ts';
import { modulePath } from '../golang/module-path.ts';
import type { BuildInputs } from './build-inputs.ts';
import type { BuildOptions } from './build-options.ts';
import type { NamedContext } from './frontend/build-plan.ts';
import { layoutReference, parseLayoutReference } from './layout-reference.ts';
import { nearestPath } from './nearest-path.ts';
import type { BuildContextTree } from './ops/op-environment.ts';
import type { RemoteContexts } from './remote-contexts.ts';

export interface BuildContextsOptions {
  readonly inputs: BuildInputs;
  readonly options: BuildOptions;
  readonly store: Store;
  readonly remote: RemoteContexts;
}

const MAIN = 'context';
const GO_MOD = 'go.mod';
const GO_MOD_LIMIT = 1024 * 1024;
const NS_PER_MS = 1_000_000n;

/** The main build context and those of --build-context; each is opened when a step first selects from it. */
export class BuildContexts {
  readonly #options: BuildContextsOptions;
  readonly #open = new Map<string, Promise<BuildContextTree>>();

  constructor(options: BuildContextsOptions) {
    this.#options = options;
  }

  /** What each named context stands for. @throws KnownError BUILD_CONTEXT_MISSING */
  named(): Readonly<Record<string, NamedContext>> {
    return Object.fromEntries(
      Object.entries(this.#options.options.buildContexts ?? {}).map(([name, value]) => [name, this.#kind(name, value)]),
    );
  }

  /**
   * Names this project for caches of its own: by its Go module, which is the same in every checkout, else by the context's
   * real path or address, of which only a digest is told.
   */
  project(): string {
    const { context } = this.#options.inputs;
    const module = modulePath(this.#goMod() ?? '');
    if (module !== undefined) return module;
    const place =
      context.kind === 'directory' ? realpathSync(context.dir) : context.kind === 'files' ? context.address : '-';
    return `folder ${createHash('sha256').update(place).digest('hex').slice(0, 16)}`;
  }

  /** The context's go.mod; a link or something huge is none. */
  #goMod(): string | undefined {
    const { context } = this.#options.inputs;
    if (context.kind === 'empty') return undefined;
    const path = context.kind === 'directory' ? join(context.dir, GO_MOD) : context.files.tree.lstat(GO_MOD)?.hostPath;
    const stats = path === undefined ? undefined : lstatSync(path, { throwIfNoEntry: false });
    return path !== undefined && stats?.isFile() && stats.size <= GO_MOD_LIMIT ? readFileSync(path, 'utf8') : undefined;
  }

  /** `context` is the main one. @throws KnownError CONTEXT_FETCH_FAILED, ARCHIVE_INVALID */
  open(name: string): Promise<BuildContextTree> {
    const known = this.#open.get(name) ?? (name === MAIN ? this.#openMain() : this.#openNamed(name));
    this.#open.set(name, known);
    return known;
  }

  async #openMain(): Promise<BuildContextTree> {
    const { context } = this.#options.inputs;
    const name = 'the build context';
    switch (context.kind) {
      case 'directory':
        return this.#openDirectory(context.dir, { name, ignore: context.ignore });
      case 'files':
        return context.files;
      default:
        return {
          tree: emptyTree(name, BigInt(Date.now()) * NS_PER_MS),
          digests: forgetfulFileDigests({ now: Date.now }),
        };
    }
  }

  async #openNamed(name: string): Promise<BuildContextTree> {
    const { options, remote } = this.#options;
    const argument = this.#argument(options.buildContexts?.[name] ?? name);
    const shown = `build context "${name}"`;
    if (argument.kind === 'git') return remote.git(argument.git, { name: shown, keepGitDir: false });
    if (argument.kind === 'http') {
      const fileName = fileNameOfUrl(argument.url);
      return (await remote.http(argument.url, { name: shown, fileName })).files;
    }
    if (argument.kind !== 'local') throw new Error(`${shown} has no files of its own`);
    const dir = resolve(options.cwd, argument.path);
    return this.#openDirectory(dir, { name: shown, ignore: readIgnoreFile(dir) });
  }

  #openDirectory(dir: string, how: { name: string; ignore: PatternMatcher | undefined }): BuildContextTree {
    const tree = openLocalTree(dir, how);
    const remembered = join(this.#options.store.root, 'cache', 'files');
    return { tree, digests: openFileDigests(remembered, tree.hostPath, { now: Date.now }) };
  }

  #argument(value: string): ContextArgument {
    const isDirectory = (path: string) => isDirectoryAt(resolve(this.#options.options.cwd, path));
    return parseContextArgument(value, { isDirectory, named: true });
  }

  #kind(name: string, value: string): NamedContext {
    const { cwd } = this.#options.options;
    const argument = this.#argument(value);
    switch (argument.kind) {
      case 'image':
        return { type: 'image', reference: argument.reference };
      case 'oci-layout':
        return this.#layout(name, value);
      case 'target':
        throw missing(
          name,
          value,
          'is a target of a bake file, which "slipway build" does not read',
          'Build that target into an OCI layout first, and name it as oci-layout://PATH.',
        );
      case 'local':
        if (!isDirectoryAt(resolve(cwd, argument.path))) throw this.#noDirectory(name, value);
        return { type: 'local' };
      default:
        return { type: 'local' };
    }
  }

  #layout(name: string, value: string): NamedContext {
    const reference = layoutReference(value, this.#options.options.cwd);
    const dir = parseLayoutReference(reference)?.dir;
    if (dir === undefined || !isDirectoryAt(dir)) {
      throw missing(name, value, 'names no directory', 'An OCI layout is a directory with an index.json in it.');
    }
    return { type: 'image', reference };
  }

  #noDirectory(name: string, value: string): KnownError {
    const scheme = /^([a-z0-9+-]+):\/\//i.exec(value)?.[1];
    const hint = scheme === undefined ? otherPath(value, this.#options.options.cwd) : otherScheme(scheme);
    return missing(
      name,
      value,
      'is not a directory',
      hint ?? 'Name a directory, a URL, or an image as docker-image://NAME.',
    );
  }
}

function otherPath(value: string, cwd: string): string | undefined {
  const meant = nearestPath(value, cwd);
  return meant && `Did you mean "${meant}"?`;
}

function otherScheme(scheme: string): string {
  const meant = nearest(scheme, SCHEMES);
  return meant && meant !== scheme ? `Did you mean ${meant}://?` : `Known are ${SCHEMES.join(', ')}.`;
}

const SCHEMES: readonly string[] = ['docker-image', 'oci-layout', 'https', 'http', 'git', 'ssh'];

function missing(name: string, value: string, problem: string, hint: string): KnownError {
  const message = `--build-context ${name}=${redactUrls(value)} ${problem}.`;
  return new KnownError('BUILD_CONTEXT_MISSING', message, { hint, exitCode: 2 });
}

function isDirectoryAt(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
