// Makes a base image's root filesystem from Debian's archive: `node scripts/quickstart/debian-image.mjs NAME -o FILE.tar`.
// Prints the command that imports it.
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { makeDebianImage } from './debian/make-image.mjs';

const { values, positionals } = parseArgs({
  options: { output: { type: 'string', short: 'o' }, cache: { type: 'string' } },
  allowPositionals: true,
});
const [name] = positionals;
if (!name || !values.output) {
  console.error('usage: node scripts/quickstart/debian-image.mjs NAME -o FILE.tar [--cache FOLDER]');
  process.exit(2);
}
const cacheDir =
  values.cache ?? join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'slipway-quickstart', 'debian');
try {
  const { reference, changes } = await makeDebianImage({
    name,
    output: values.output,
    cacheDir,
    onNote: (text) => console.error(`  ${text}`),
  });
  const flags = changes.map((change) => `--change '${change}'`).join(' ');
  console.log(`slipway import --name ${reference} ${flags} ${values.output}`);
} catch (error) {
  console.error(`debian-image: ${error.message}`);
  process.exitCode = 1;
}
