import { realpathSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { openFileDigests } from '../context/file-digests.ts';
import { openLocalTree } from '../context/local-tree.ts';
import { parseIgnoreFile } from '../context/pattern/ignore-file.ts';
import { KnownError } from '../diagnostics/known-error.ts';
import type { Store } from '../distribution/store.ts';
import type { BuildInputs } from './build-inputs.ts';
import type { BuildOptions } from './build-options.ts';
import type { NamedContext } from './frontend/build-plan.ts';
import type { BuildContextTree } from './ops/op-environment.ts';
import { readOptionalFile } from './read-optional-file.ts';

const IMAGE = 'docker-image://';
const LAYOUT = 'oci-layout://';

export interface BuildContextsOptions {
  readonly inputs: BuildInputs;
  readonly options: BuildOptions;
  readonly store: Store;
}

/** The main build context and those of --build-context; a directory is opened when a step first selects from it. */
export class BuildContexts {
  readonly #options: BuildContextsOptions;
  readonly #open = new Map<string, BuildContextTree>();

  constructor(options: BuildContextsOptions) {
    this.#options = options;
  }

  /** What each named context stands for. @throws KnownError BUILD_CONTEXT_MISSING */
  named(): Readonly<Record<string, NamedContext>> {
    return Object.fromEntries(
      Object.entries(this.#options.options.buildContexts ?? {}).map(([name, value]) => [name, this.#kind(name, value)]),
    );
  }

  /** Tells this project from others: the context's real path. */
  identity(): string {
    return realpathSync(this.#options.inputs.contextDir);
  }

  /** `context` is the main one. */
  async open(name: string): Promise<BuildContextTree> {
    const known = this.#open.get(name) ?? this.#openTree(name);
    this.#open.set(name, known);
    return known;
  }

  #openTree(name: string): BuildContextTree {
    const { inputs, options, store } = this.#options;
    const isMain = name === 'context';
    const dir = isMain ? inputs.contextDir : resolve(options.cwd, options.buildContexts?.[name] ?? name);
    const ignore = isMain ? inputs.ignore : ignoreOf(dir);
    const tree = openLocalTree(dir, { name: isMain ? 'the build context' : `build context "${name}"`, ignore });
    return { tree, digests: openFileDigests(join(store.root, 'cache', 'files'), tree.hostPath, { now: Date.now }) };
  }

  #kind(name: string, value: string): NamedContext {
    if (value.startsWith(IMAGE)) return { type: 'image', reference: value.slice(IMAGE.length) };
    if (value.startsWith(LAYOUT) || /^[a-z+]+:\/\//.test(value)) {
      throw new KnownError(
        'BUILD_CONTEXT_MISSING',
        `--build-context ${name}=${value} is of a kind that cannot be read yet.`,
        {
          hint: 'Directories and docker-image:// references can; load a layout with "slipway load" first.',
          exitCode: 2,
        },
      );
    }
    const dir = resolve(this.#options.options.cwd, value);
    if (statSync(dir, { throwIfNoEntry: false })?.isDirectory()) return { type: 'local' };
    throw new KnownError(
      'BUILD_CONTEXT_MISSING',
      `--build-context ${name} names "${value}", which is not a directory.`,
      { exitCode: 2 },
    );
  }
}

function ignoreOf(dir: string) {
  const text = readOptionalFile(join(dir, '.dockerignore'));
  return text === undefined ? undefined : parseIgnoreFile(text);
}
