/**
 * Which packages an image of Docker Hub's library is made of, where their files go, and what its config says.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { baseSystem, isDocumentation, isMaster } from './base-system.mjs';
import { compareVersions } from './version.mjs';

/** @typedef {import('./package-index.mjs').DebianPackage} DebianPackage */
/** @typedef {import('./package-index.mjs').PackageIndex} PackageIndex */

const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * @typedef {object} ImageRecipe
 * @property {readonly (readonly string[])[]} suites where to look, the best first; each a suite and its additions
 * @property {(indexes: readonly PackageIndex[]) => Choice | undefined} choose undefined when these suites do not do
 * @property {ReadonlySet<string>} [without] packages that count as present
 * @property {(packages: readonly DebianPackage[]) => import('./rootfs.mjs').RootfsRecipe} rootfs
 * @property {(packages: readonly DebianPackage[]) => string[]} changes instructions for the image's config, as
 *   `import --change` takes them
 */

/** @typedef {{ packages: readonly string[], isExact: boolean }} Choice `isExact`: no later suite can be better */

/**
 * @param {string} repository such as `golang`
 * @param {string} tag such as `1.26`
 * @returns {ImageRecipe | undefined} undefined where there is none
 */
export function findRecipe(repository, tag) {
  const go = /^(\d+\.\d+)(\.\d+)?(-[a-z]+)?$/.exec(tag)?.[1];
  if (repository === 'golang' && go) return golangRecipe(go);
  if (repository === 'busybox') return BUSYBOX;
  return undefined;
}

// The official image has a C compiler and perl too; a Go build without cgo needs neither.
const GOLANG_TOOLS = [
  ...['base-files', 'base-passwd', 'bash', 'ca-certificates', 'coreutils', 'dash', 'findutils', 'git', 'grep', 'gzip'],
  ...['libc-bin', 'make', 'mawk', 'openssl', 'sed', 'tar', 'tzdata'],
];

/** @param {string} wanted such as `1.26`; a newer Go is taken where no suite has this one */
function golangRecipe(wanted) {
  return {
    suites: [['stable'], ['stable', 'stable-backports'], ['testing'], ['unstable']],
    choose(indexes) {
      const version = nearestGo(indexes, wanted);
      return version && { packages: [...GOLANG_TOOLS, `golang-${version}-go`], isExact: version === wanted };
    },
    without: new Set(['debconf', 'git-man', 'liberror-perl', 'perl', 'perl-base']),
    rootfs: (packages) => ({
      place: placeInGolang,
      remembers: isMaster,
      finish: (files) => [
        ...baseSystem(files, packages),
        ...['go', 'go/src', 'go/bin'].map((path) => ({ path, mode: 0o1777 })),
      ],
    }),
    changes: (packages) => [
      `ENV GOLANG_VERSION=${goVersion(packages)}`,
      'ENV GOTOOLCHAIN=local',
      'ENV GOPATH=/go',
      `ENV PATH=/go/bin:/usr/local/go/bin:${SYSTEM_PATH}`,
      'WORKDIR /go',
      'CMD ["bash"]',
    ],
  };
}

/** The wanted Go or the oldest newer one, since newer Go builds what older Go built. */
function nearestGo(indexes, wanted) {
  const versions = new Set();
  for (const index of indexes) {
    for (const name of index.names()) {
      const version = /^golang-(\d+\.\d+)-go$/.exec(name)?.[1];
      if (version && compareVersions(version, wanted) >= 0) versions.add(version);
    }
  }
  return [...versions].sort(compareVersions)[0];
}

/** `1.26.10` of Debian's 1.26.10-1~bpo13+1. */
function goVersion(packages) {
  const go = packages.find(({ name }) => /^golang-[\d.]+-go$/.test(name));
  return /^[\d.]+/.exec(go?.version ?? '')?.[0] ?? '';
}

/** Debian splits Go's tree between /usr/lib and /usr/share; the official image has it in one. */
function placeInGolang(path, entry) {
  const go = /^usr\/(?:lib|share)\/go-[\d.]+(?:\/(.*))?$/.exec(path);
  if (!go) return isDocumentation(path) || /^usr\/share\/(gitweb|perl5)(\/|$)/.test(path) ? undefined : path;
  if (entry.type === 'symlink' && entry.target.includes('/share/go-')) return undefined;
  const inner = go[1] ?? '';
  const isForGoDevelopers = /^(api|doc|misc|test)(\/|$)|(^|\/)testdata(\/|$)|_test\.go$/.test(inner);
  return isForGoDevelopers ? undefined : `usr/local/go/${inner}`.replace(/\/$/, '');
}

const BUSYBOX_ROOT = [
  { path: '' },
  ...['bin', 'dev', 'etc', 'home', 'proc', 'sys', 'usr', 'var/spool/mail', 'var/www'].map((path) => ({ path })),
  { path: 'root', mode: 0o700 },
  { path: 'tmp', mode: 0o1777 },
  {
    path: 'etc/passwd',
    content: [
      'root:x:0:0:root:/root:/bin/sh',
      'daemon:x:1:1:daemon:/usr/sbin:/bin/false',
      'www-data:x:33:33:www-data:/var/www:/bin/false',
      'nobody:x:65534:65534:nobody:/home:/bin/false',
      '',
    ].join('\n'),
  },
  {
    path: 'etc/group',
    content: ['root:x:0:', 'daemon:x:1:', 'www-data:x:33:', 'users:x:100:', 'nogroup:x:65534:', ''].join('\n'),
  },
];

/** @type {ImageRecipe} one static binary, and a hard link to it for each of its commands */
const BUSYBOX = {
  suites: [['stable'], ['testing'], ['unstable']],
  choose: ([index]) =>
    index?.versions('busybox-static').length ? { packages: ['busybox-static'], isExact: true } : undefined,
  rootfs: () => ({
    isUsrMerged: false,
    place: () => undefined,
    remembers: isBusybox,
    finish(files) {
      const binary = [...files].find(([path]) => isBusybox(path))?.[1];
      if (!binary) throw new Error('the package busybox-static has no busybox');
      const links = listApplets(binary).map((name) => ({ path: `bin/${name}`, linkTo: 'bin/busybox', mode: 0o755 }));
      return [...BUSYBOX_ROOT, { path: 'bin/busybox', content: binary, mode: 0o755 }, ...links];
    },
  }),
  changes: () => [`ENV PATH=${SYSTEM_PATH}`, 'CMD ["sh"]'],
};

/** Packages have it in /bin or /usr/bin, by release. */
function isBusybox(path) {
  return /^(usr\/)?bin\/busybox$/.test(path);
}

/** The binary itself knows its commands; it is of a verified package and for this machine. */
function listApplets(binary) {
  const folder = mkdtempSync(join(tmpdir(), 'busybox-'));
  try {
    writeFileSync(join(folder, 'busybox'), binary, { mode: 0o755 });
    const names = execFileSync(join(folder, 'busybox'), ['--list'], { encoding: 'utf8' }).split('\n');
    return names.filter((name) => name !== '' && name !== 'busybox').sort();
  } finally {
    rmSync(folder, { recursive: true });
  }
}
