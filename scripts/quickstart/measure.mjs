import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { note, QuickstartError } from './report.mjs';

const VERSION = ['--build-arg', 'VERSION=1.0.0'];
const HINT = 'the failing step and its output are above';

/**
 * Builds a copy of the example cold, again without a change, and again with one line changed. All three builds are of the
 * same folder, since Go's build cache belongs to a project.
 *
 * @param {{ slipway: import('./slipway.mjs').Slipway, example: string, copy: string, image: string,
 *   isFirst: boolean }} options `isFirst`: nothing was built in this store before
 * @returns {Promise<{ coldMs: number, unchangedMs: number, changedMs: number, isSameImage: boolean }>}
 */
export async function measureBuilds({ slipway, example, copy, image, isFirst }) {
  rmSync(copy, { recursive: true, force: true });
  cpSync(example, copy, { recursive: true });
  const build = async (title, flags, tag = image) => {
    note(`${title}: slipway build ${['-t', tag, ...VERSION, ...flags].join(' ')} examples/hello`);
    return slipway.run(['build', '-t', tag, ...VERSION, '--iidfile', `${copy}.iid`, ...flags, copy], HINT);
  };
  const imageId = () => readFileSync(`${copy}.iid`, 'utf8').trim();
  try {
    // The first build in a store is cold by itself and fills the caches; later ones have to be told.
    const firstMs = await build(isFirst ? 'cold' : 'as it is in the store', []);
    const coldMs = isFirst ? firstMs : await build('cold', ['--no-cache', '--no-go-cache']);
    const coldId = imageId();
    const unchangedMs = await build('no change', []);
    const isSameImage = imageId() === coldId;
    changeOneLine(join(copy, 'server.go'));
    const changedMs = await build('one line changed', [], `${image}:edited`);
    return { coldMs, unchangedMs, changedMs, isSameImage };
  } finally {
    rmSync(`${copy}.iid`, { force: true });
  }
}

/** Another greeting each time, so that no run finds the last one's build in the cache. */
function changeOneLine(path) {
  const source = readFileSync(path, 'utf8');
  const edited = source.replace(/^const greeting = .*$/m, `const greeting = "Hello at ${Date.now()}!"`);
  if (edited === source) throw new QuickstartError(`${path} has no line "const greeting" to change`, 'git status');
  writeFileSync(path, edited);
}
