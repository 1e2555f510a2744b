import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { compileCacheFolder, enableCompileCache } from './compile-cache.ts';
import { loadBundle } from './load-bundle.ts';

/** Names the content of the bundles; set by the build. */
declare const SLIPWAY_BUILD: string;

export interface StartOptions {
  /** Of what is kept. */
  readonly name: string;
  /** Exit codes of one that did all it does; what it compiled is kept then. */
  readonly complete: readonly number[];
}

/** Runs a bundle of dist/, compiled already where that can be. Small, since it is compiled each time. */
export function startBundle(bundle: string, { name, complete }: StartOptions): void {
  const folder = compileCacheFolder(process.env);
  const path = join(__dirname, `${bundle}.cjs`);
  if (!folder || enableCompileCache(folder)) {
    createRequire(path)(path);
    return;
  }
  // Else V8 drops the code of start-up while a long build runs, and it is not among what is kept. Part of what V8 compares
  // with what was kept, so that it is said each time.
  setFlagsFromString('--no-flush-bytecode');
  const atEnd = (keep: () => void) => void process.once('exit', (code) => complete.includes(code) && keep());
  loadBundle(path, { folder, name, id: SLIPWAY_BUILD, atEnd });
}
