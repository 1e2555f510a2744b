// npm run quickstart: builds Slipway, builds the example Go service with it, runs it, and measures.
//
// From a fresh clone it needs Node.js, npm and git. Nothing here may import a package before `npm ci` has run.
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { prepareCheckout } from './checkout.mjs';
import { captureCommand } from './command.mjs';
import { prepareMachine } from './machine.mjs';
import { measureBuilds } from './measure.mjs';
import { megabytes, note, QuickstartError, seconds, showFailure, showTable, step } from './report.mjs';
import { tryService } from './service.mjs';
import { Slipway } from './slipway.mjs';

const USAGE = `npm run quickstart [-- OPTIONS]

  --base auto|hub|debian  where golang:1.26 comes from: Docker Hub, or Debian's packages (auto: the first that answers)
  --no-apt                install nothing on this machine
  --keep                  keep the edited copy of the example, and the base image's tar
  --clean                 only remove what earlier runs have kept, and end
  --help                  show this`;

const checkout = fileURLToPath(new URL('../..', import.meta.url));
const kept = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'slipway-quickstart');
const folders = { kept, store: join(kept, 'store'), copy: join(kept, 'hello') };
const IMAGE = 'hello';

try {
  await main(readOptions());
} catch (error) {
  showFailure(error);
  process.exitCode = 1;
}

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        base: { type: 'string', default: 'auto' },
        'no-apt': { type: 'boolean', default: false },
        keep: { type: 'boolean', default: false },
        clean: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    if (!['auto', 'hub', 'debian'].includes(values.base)) throw new Error(`--base cannot be "${values.base}"`);
    return values;
  } catch (error) {
    throw new QuickstartError(error.message, USAGE);
  }
}

async function main(options) {
  if (options.help) return console.log(USAGE);
  if (options.clean) return clean();
  const start = performance.now();
  checkNode();
  console.log('From a Dockerfile to a tiny image and a running Go service, without a daemon.');
  await step('1. This machine', () => prepareMachine({ useApt: !options['no-apt'] }));
  await step('2. Slipway', () => prepareCheckout(checkout));

  const isFirst = !existsSync(folders.store);
  mkdirSync(folders.kept, { recursive: true });
  const slipway = new Slipway({ checkout, store: folders.store });
  await step('3. The base image', async () => {
    const { prepareBaseImage } = await import('./base-image.mjs');
    const source = { slipway, source: options.base, cacheDir: kept, keepsFiles: options.keep };
    await prepareBaseImage(source, { repository: 'golang', tag: '1.26' });
  });
  const example = join(checkout, 'examples/hello');
  const builds = await step('4. Building examples/hello', () =>
    measureBuilds({ slipway, example, copy: folders.copy, image: IMAGE, isFirst }),
  );
  const service = await step('5. Running it', () => tryService(slipway, IMAGE));
  if (!options.keep) rmSync(folders.copy, { recursive: true, force: true });

  showResults(slipway, builds, service);
  console.log(`\nAll of it took ${seconds(performance.now() - start)}. Try more:`);
  console.log(`  ${slipway.commandLine} run --rm ${IMAGE}`);
  console.log(`What stays, so that the next run is quick: ${kept} (npm run quickstart -- --clean removes it)`);
}

// The first thing that could go wrong on a machine with another Node.js.
function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 18)) return;
  throw new QuickstartError(
    `Slipway needs Node.js 20.18 or newer; this is ${process.versions.node}`,
    'install a newer one',
  );
}

function showResults(slipway, builds, service) {
  const image = slipway.inspect(IMAGE);
  if (!image)
    throw new QuickstartError(`the image "${IMAGE}" is not in the store after its build`, 'please report this');
  showTable([
    ['image size', megabytes(image.Size), `user ${image.Config?.User}, from scratch`],
    ['layers', String(image.RootFS.Layers.length)],
    ['build, cold', seconds(builds.coldMs), 'nothing cached but the base image'],
    ['build, no change', seconds(builds.unchangedMs), builds.isSameImage ? 'the same image' : ''],
    ['build, one line changed', seconds(builds.changedMs)],
    ['start to healthy', seconds(service.readyMs)],
    ['SIGTERM to exit', seconds(service.stopMs)],
  ]);
}

/** An ordinary user's store has files of subordinate ids, which only that user's namespace may remove. */
function clean() {
  try {
    rmSync(kept, { recursive: true, force: true });
  } catch (error) {
    if (error.code !== 'EACCES' && error.code !== 'EPERM') throw error;
    const inNamespace = ['--user', '--map-auto', '--map-root-user', 'rm', '-rf', '--', kept];
    if (captureCommand('unshare', inNamespace) === undefined) {
      throw new QuickstartError(`${kept} cannot be removed: ${error.message}`, `as root: rm -rf ${kept}`);
    }
  }
  note(`removed ${kept}`);
}
