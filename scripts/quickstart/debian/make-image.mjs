/**
 * Makes base images from Debian's archive, for machines that reach no container registry: without root, debootstrap or
 * maintainer scripts, and the same packages always give the same bytes.
 */
import { dateChecks, readAptConfig } from './apt-config.mjs';
import { machineMirrors } from './apt-sources.mjs';
import { resolveDependencies } from './dependency.mjs';
import { Downloader, HttpError } from './download.mjs';
import { findRecipe } from './recipes.mjs';
import { writeRootfs } from './rootfs.mjs';
import { archiveKeyring, openSuite, SuiteError } from './suite.mjs';

const ARCHITECTURES = {
  x64: 'amd64',
  arm64: 'arm64',
  arm: 'armhf',
  ia32: 'i386',
  ppc64: 'ppc64el',
  riscv64: 'riscv64',
  s390x: 's390x',
};
const PARALLEL_DOWNLOADS = 6;

/**
 * @typedef {object} DebianImage
 * @property {string} reference the full name, such as `docker.io/library/golang:1.26`
 * @property {string[]} changes instructions for `import --change`
 * @property {{ name: string, version: string }[]} packages
 */

/**
 * Writes the root filesystem of an image as a tar file.
 * @param {{ name: string, output: string, cacheDir: string, env?: NodeJS.ProcessEnv, onNote?: (text: string) => void }}
 *   options `name` such as `golang:1.26`; `onNote` is told what happens, a line at a time; `env` may have
 *   SLIPWAY_DEBIAN_MIRROR (a URL such as http://deb.debian.org/debian) and SLIPWAY_DEBIAN_KEYRING (a path)
 * @returns {Promise<DebianImage>}
 */
export async function makeDebianImage({ name, output, cacheDir, env = process.env, onNote = () => undefined }) {
  const [repository, tag = 'latest'] = name.replace(/^(docker\.io\/)?(library\/)?/, '').split(':');
  const recipe = findRecipe(repository, tag);
  if (!recipe) throw new Error(`there is no recipe for "${name}"`);
  const settings = readAptConfig();
  const downloader = new Downloader({ cacheDir, settings, env });
  const archive = {
    downloader,
    onNote,
    mirrors: env.SLIPWAY_DEBIAN_MIRROR ? [env.SLIPWAY_DEBIAN_MIRROR.replace(/\/+$/, '')] : machineMirrors(),
  };
  const trust = { keyring: env.SLIPWAY_DEBIAN_KEYRING || archiveKeyring(), ...dateChecks(settings) };
  if (!trust.keyring) onNote('signatures are not checked: this machine has no debian-archive-keyring');

  const { packages, files } = await fetchPackages(recipe, suiteOpener(archive, trust), archive);
  await writeRootfs({ packages: unpackOrder(files), recipe: recipe.rootfs(packages), output });
  return {
    reference: `docker.io/library/${repository}:${tag}`,
    changes: recipe.changes(packages),
    packages: packages.map(({ name, version }) => ({ name, version })),
  };
}

/** From the first suites that have exactly what is wanted, else from the first that have something that does. */
async function fetchPackages(recipe, open, archive) {
  const reasons = [];
  const nearly = [];
  const attempt = async ({ indexes, choice }) => {
    const packages = resolveDependencies(indexes, choice.packages, { without: recipe.without });
    return { packages, files: await downloadPackages(archive, packages) };
  };
  for (const suites of recipe.suites) {
    const found = await unlessUnusable(reasons, async () => {
      const indexes = await Promise.all(suites.map(open));
      const choice = recipe.choose(indexes);
      if (choice && !choice.isExact) nearly.push({ indexes, choice });
      return choice?.isExact ? attempt({ indexes, choice }) : undefined;
    });
    if (found) return found;
  }
  for (const candidate of nearly) {
    const found = await unlessUnusable(reasons, () => attempt(candidate));
    if (found) return found;
  }
  throw new Error(["no suite of Debian's archive has what the image needs", ...reasons].join('\n  '));
}

/** A suite that is missing, not to be trusted, or older than the packages of its mirror lets the next one have a go. */
async function unlessUnusable(reasons, use) {
  try {
    return await use();
  } catch (error) {
    if (!(error instanceof SuiteError || (error instanceof HttpError && error.status === 404))) throw error;
    reasons.push(error.message);
    return undefined;
  }
}

/** Opens each suite once, on the first mirror where it can be trusted. */
function suiteOpener({ downloader, mirrors, onNote }, trust) {
  const architecture = ARCHITECTURES[process.arch];
  if (!architecture) throw new Error(`Debian has no packages for ${process.arch}`);
  const opened = new Map();
  const open = async (suite) => {
    const reasons = [];
    for (const mirror of mirrors) {
      try {
        const index = await openSuite(downloader, { mirror, suite, architecture, ...trust });
        onNote(`${suite} of ${mirror}${trust.keyring ? ', signature good' : ''}`);
        return index;
      } catch (error) {
        if (!(error instanceof SuiteError)) throw error;
        reasons.push(error.message);
      }
    }
    throw new SuiteError(reasons.join('; '));
  };
  return (suite) => {
    if (!opened.has(suite)) opened.set(suite, open(suite));
    return opened.get(suite);
  };
}

async function downloadPackages({ downloader, onNote }, packages) {
  const megabytes = packages.reduce((sum, { size }) => sum + size, 0) / 1e6;
  onNote(`${packages.length} packages, ${megabytes.toFixed(0)} MB`);
  const files = [];
  const queue = [...packages].sort((a, b) => b.size - a.size);
  const work = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      files.push({ name: next.name, file: await downloader.file(`${next.mirror}/${next.filename}`, next) });
    }
  };
  await Promise.all(Array.from({ length: PARALLEL_DOWNLOADS }, work));
  return files;
}

/** base-files first: its folders' owners and modes count. The rest by name, for the same bytes each time. */
function unpackOrder(files) {
  const rank = ({ name }) => (name === 'base-files' ? 0 : 1);
  return files.sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));
}
