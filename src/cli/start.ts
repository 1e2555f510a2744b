/**
 * The process's entry, dist/start.cjs: loads the bundled command beside it, compiled already where that can be. Small,
 * since it is compiled at each start; bin/slipway.js answers --version by itself.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { compileCacheFolder, enableCompileCache } from './compile-cache.ts';
import { loadBundle } from './load-bundle.ts';

/** Names the content of the bundles; set by the build. */
declare const SLIPWAY_BUILD: string;

const folder = compileCacheFolder(process.env);
const bundle = join(__dirname, 'cli.cjs');
if (!folder || enableCompileCache(folder)) createRequire(bundle)(bundle);
else {
  // Else V8 drops the code of start-up while a long build runs, and it is not among what is kept. Part of what V8 compares
  // with what was kept, so that it is said each time.
  setFlagsFromString('--no-flush-bytecode');
  // Each command compiles other functions, and what is kept is read whole.
  const [command = ''] = process.argv.slice(2);
  const part = /^[a-z]{1,16}$/.test(command) ? command : 'other';
  const atEnd = (keep: () => void) => void process.once('exit', (code) => code === 0 && keep());
  loadBundle(bundle, { folder, name: `slipway-${part}`, id: SLIPWAY_BUILD, atEnd });
}
