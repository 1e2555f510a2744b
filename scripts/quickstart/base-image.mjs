/**
 * Puts the image that the example is built with into the store: the official one where Docker Hub answers, else one of
 * the same name made from Debian's archive.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { makeDebianImage } from './debian/make-image.mjs';
import { note, QuickstartError } from './report.mjs';

const PROBE_MS = 3000;
const MANIFEST_TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
];

/**
 * @param {{ slipway: import('./slipway.mjs').Slipway, source: 'auto' | 'hub' | 'debian', cacheDir: string,
 *   keepsFiles: boolean }} options
 * @param {{ repository: string, tag: string }} image of Docker Hub's library
 */
export async function prepareBaseImage({ slipway, source, cacheDir, keepsFiles }, { repository, tag }) {
  const name = `${repository}:${tag}`;
  if (slipway.inspect(name)) {
    note(`${name} is in the store`);
    return;
  }
  if (source === 'hub' || (source === 'auto' && (await hubHas(repository, tag)))) {
    note(`pulling the official ${name} from Docker Hub`);
    await slipway.run(['pull', name], `does Docker Hub answer? "--base debian" makes the image from Debian's packages`);
    return;
  }
  if (source === 'auto') note(`Docker Hub does not answer: making ${name} from Debian's packages`);
  mkdirSync(cacheDir, { recursive: true });
  const tar = join(cacheDir, `${repository}-${tag}.tar`);
  try {
    const { reference, changes } = await makeImage(name, tar, cacheDir);
    const flags = changes.flatMap((change) => ['--change', change]);
    await slipway.run(['import', '--name', reference, ...flags, tar], 'the message above says why');
  } finally {
    if (!keepsFiles) rmSync(tar, { force: true });
  }
}

async function makeImage(name, output, cacheDir) {
  try {
    return await makeDebianImage({ name, output, cacheDir: join(cacheDir, 'debian'), onNote: note });
  } catch (error) {
    throw new QuickstartError(
      `${name} cannot be made from Debian's packages: ${[error.message, error.cause?.message].filter(Boolean).join(': ')}`,
      ['EACCES', 'ENOSPC', 'EROFS'].includes(error.code)
        ? `${cacheDir} has to be yours and on a disk with a gigabyte free; XDG_CACHE_HOME=FOLDER chooses another place`
        : 'does "apt-get update" work here? SLIPWAY_DEBIAN_MIRROR=URL names another mirror',
    );
  }
}

/** Whether Docker Hub has the image and would give it to us now. Asking for a manifest's head is free of its limits. */
async function hubHas(repository, tag) {
  const { EnvHttpProxyAgent, fetch } = await import('undici');
  const options = { dispatcher: new EnvHttpProxyAgent(), signal: AbortSignal.timeout(PROBE_MS) };
  const scope = `repository:library/${repository}:pull`;
  try {
    const login = await fetch(`https://auth.docker.io/token?service=registry.docker.io&scope=${scope}`, options);
    const { token } = await login.json();
    const { ok } = await fetch(`https://registry-1.docker.io/v2/library/${repository}/manifests/${tag}`, {
      ...options,
      method: 'HEAD',
      headers: { authorization: `Bearer ${token}`, accept: MANIFEST_TYPES.join(', ') },
    });
    return ok;
  } catch {
    // No network, no name, no JSON, too slow: all the same answer to whether it can be used.
    return false;
  }
}
