import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/**
 * @typedef {{ command: readonly string[], env?: Record<string, string> }} Call
 * @typedef {{ tag: string, context: string, file?: string, cold?: boolean, network?: string, jobs?: number }} BuildRequest
 * @typedef {object} Builder one of those that are compared
 * @property {string} name
 * @property {string} version
 * @property {RegExp} processes names of its own programs, for its memory; not what its steps run
 * @property {boolean} hasDaemon its programs live apart from the command
 * @property {(request: BuildRequest) => Call} build
 * @property {(request: BuildRequest) => Call[]} preparePush what may be done before a push is timed
 * @property {(request: BuildRequest) => Call} push builds nothing anew; compresses and uploads
 * @property {(reference: string, context: string) => Call} pull a base, until a step could run on it
 * @property {(reference: string) => void} forget what `pull` brought, where the next pull would find it
 * @property {() => void} cleanUp
 */

/** Builders that answer; the others are named with the reason. */
export function findBuilders({ checkout, dir, options }) {
  const all = {
    slipway: () => slipway(checkout, dir, options),
    docker: () => docker(options),
    buildah: () => buildah(dir, options),
  };
  const builders = [];
  const missing = [];
  for (const name of options.builders) {
    const builder = all[name]?.();
    if (builder?.version) builders.push(builder);
    else missing.push(name);
  }
  return { builders, missing };
}

/** @returns {Builder} */
function slipway(checkout, dir, { node }) {
  const command = [node, join(checkout, 'bin/slipway.js')];
  const store = join(dir, 'slipway');
  const env = { SLIPWAY_ROOT: store };
  const build = ({ tag, context, file, cold, network }) => [
    ...[...command, 'build', '-q', '-t', tag],
    ...(file ? ['-f', join(context, file)] : []),
    // Its own Go cache would spare the compiler work that the others have to do.
    ...(cold ? ['--no-cache', '--no-go-cache'] : []),
    ...(network ? ['--network', network] : []),
    context,
  ];
  let pulls = 0;
  return {
    name: 'slipway',
    version: capture([...command, '--version']).replace(/^slipway version /, ''),
    processes: /^(node|perl|slipway:.*|crun|runc|unshare|setpriv|nsenter|memfd:.*)$/,
    hasDaemon: false,
    build: (request) => ({ command: build(request), env }),
    preparePush: (request) => [{ command: build(request), env }],
    push: (request) => ({ command: [...build(request).slice(0, -1), '--push', request.context], env }),
    // Nothing is unpacked before a step needs it, so a step is part of it; docker and buildah only pull.
    // Each pull has a store of its own that stays until the end: some file systems make files far more slowly
    // while they remember thousands that were just removed.
    pull: (_reference, context) => ({
      command: build({ tag: 'bench/pulled', context }),
      env: { SLIPWAY_ROOT: `${store}-pull-${++pulls}` },
    }),
    forget: () => undefined,
    cleanUp: () => undefined,
  };
}

/** @returns {Builder} */
function docker({ peer }) {
  const command = [...peer, 'docker'];
  const build = ({ tag, context, file, cold, network }) => [
    ...[...command, 'buildx', 'build', '-q', '-t', tag],
    ...(file ? ['-f', join(context, file)] : []),
    ...(cold ? ['--no-cache'] : []),
    ...(network ? ['--network', network] : []),
    context,
  ];
  const tags = new Set();
  const remembered = (request) => {
    tags.add(request.tag);
    return request;
  };
  return {
    name: 'docker',
    version: capture([...command, 'version', '--format', '{{.Server.Version}}']),
    processes: /^(dockerd|containerd|containerd-shim.*|docker|docker-buildx|docker-proxy|runc|crun|memfd:.*)$/,
    hasDaemon: true,
    build: (request) => ({ command: build(remembered(request)) }),
    // The result stays in the build cache, not yet compressed.
    preparePush: ({ context }) => [{ command: [...command, 'buildx', 'build', '-q', '-o', 'type=cacheonly', context] }],
    push: (request) => ({ command: [...build(remembered(request)).slice(0, -1), '--push', request.context] }),
    pull: (reference) => ({ command: [...command, 'pull', '-q', reference] }),
    forget: (reference) => capture([...command, 'rmi', '-f', reference]),
    cleanUp: () => {
      if (tags.size > 0) capture([...command, 'rmi', '-f', ...tags]);
    },
  };
}

/** In a store of its own, so that cleaning up takes nobody's images. @returns {Builder} */
function buildah(dir, { peer }) {
  const roots = [join(dir, 'buildah')];
  const commandOn = (root) => [...peer, 'buildah', '--root', root, '--runroot', `${root}-run`];
  const command = commandOn(roots[0]);
  const build = ({ tag, context, file, cold, network, jobs }) => [
    ...[...command, 'build', '--layers', '--quiet', '--tls-verify=false', '-t', tag],
    ...(file ? ['-f', join(context, file)] : []),
    ...(cold ? ['--no-cache'] : []),
    ...(network ? ['--network', network] : []),
    ...(jobs ? ['--jobs', String(jobs)] : []),
    context,
  ];
  return {
    name: 'buildah',
    version: capture([...peer, 'buildah', '--version']).replace(/^buildah version (\S+).*/s, '$1'),
    processes: /^(buildah|runc|crun|conmon|netavark|aardvark-dns|pasta.*|passt.*|fuse-overlayfs|memfd:.*)$/,
    hasDaemon: false,
    build: (request) => ({ command: build(request) }),
    preparePush: (request) => [{ command: build(request) }],
    push: ({ tag }) => ({ command: [...command, 'push', '-q', '--tls-verify=false', tag, `docker://${tag}`] }),
    // As with Slipway, each into a store of its own.
    pull: (reference) => {
      const root = `${roots[0]}-pull-${roots.length}`;
      roots.push(root);
      return { command: [...commandOn(root), 'pull', '-q', '--tls-verify=false', reference] };
    },
    forget: () => undefined,
    cleanUp: () => {
      for (const root of roots) {
        capture([...commandOn(root), 'rmi', '-a', '-f']);
        capture([...peer, 'umount', join(root, 'overlay')]);
      }
    },
  };
}

/** What a command prints; empty when it fails or is not there. */
function capture([file, ...args]) {
  const { status, stdout } = spawnSync(file, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  return status === 0 ? stdout.trim() : '';
}
