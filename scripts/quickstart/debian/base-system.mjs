/**
 * What maintainer scripts make on a Debian machine and an image needs, written without running them.
 */

/** @typedef {import('./package-index.mjs').DebianPackage} DebianPackage */
/** @typedef {import('./rootfs.mjs').GeneratedEntry} GeneratedEntry */

export const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Files that base-files, base-passwd and libc-bin copy to their places. */
const COPIES = new Map([
  ['usr/share/base-passwd/passwd.master', 'etc/passwd'],
  ['usr/share/base-passwd/group.master', 'etc/group'],
  ['usr/share/base-files/profile', 'etc/profile'],
  ['usr/share/base-files/dot.bashrc', 'root/.bashrc'],
  ['usr/share/base-files/dot.profile', 'root/.profile'],
  ['usr/share/base-files/nsswitch.conf', 'etc/nsswitch.conf'],
  ['usr/share/libc-bin/nsswitch.conf', 'etc/nsswitch.conf'],
]);

/** What update-alternatives(1) would link. */
const ALTERNATIVES = [
  { of: 'mawk', path: 'usr/bin/awk', target: 'mawk' },
  { of: 'debianutils', path: 'usr/bin/which', target: 'which.debianutils' },
];

const CERTIFICATES = 'usr/share/ca-certificates/';

/** Whether `baseSystem` wants the content of a packaged file. @param {string} path */
export function isMaster(path) {
  return COPIES.has(path) || (path.startsWith(CERTIFICATES) && path.endsWith('.crt'));
}

/** Whether an image does without a file: manuals, translations, and documentation but for the licences. */
export function isDocumentation(path) {
  if (path.startsWith('usr/share/doc/')) return !/^usr\/share\/doc\/[^/]+(\/copyright)?$/.test(path);
  return /^usr\/share\/(man|info|locale|lintian|bug|doc-base|menu|groff|bash-completion)\/./.test(path);
}

/**
 * @param {ReadonlyMap<string, Buffer>} files what `isMaster` asked for
 * @param {readonly DebianPackage[]} packages
 * @returns {GeneratedEntry[]}
 */
export function baseSystem(files, packages) {
  const has = (name) => packages.some((one) => one.name === name);
  return [
    ...[...COPIES].filter(([from]) => files.has(from)).map(([from, path]) => ({ path, content: files.get(from) })),
    ...certificates(files),
    ...['dev', 'proc', 'sys', 'run', 'mnt', 'opt', 'srv', 'usr/local/bin', 'usr/local/lib'].map((path) => ({ path })),
    ...['tmp', 'var/tmp', 'run/lock'].map((path) => ({ path, mode: 0o1777 })),
    { path: 'root', mode: 0o700 },
    { path: 'var/run', target: '/run' },
    { path: 'var/lock', target: '/run/lock' },
    { path: 'usr/bin/sh', target: 'dash' },
    ...ALTERNATIVES.filter(({ of }) => has(of)).map(({ path, target }) => ({ path, target })),
    ...(has('tzdata')
      ? [
          { path: 'etc/localtime', target: '/usr/share/zoneinfo/Etc/UTC' },
          { path: 'etc/timezone', content: 'Etc/UTC\n' },
        ]
      : []),
    // Scanners read from here what an image has.
    { path: 'var/lib/dpkg/status', content: Buffer.from(dpkgStatus(packages), 'latin1') },
  ];
}

// As update-ca-certificates(8) leaves them: all of Mozilla's authorities in one file.
function certificates(files) {
  const paths = [...files.keys()].filter((path) => path.startsWith(CERTIFICATES)).sort();
  if (paths.length === 0) return [];
  const names = paths.map((path) => path.slice(CERTIFICATES.length));
  const bundle = paths.map((path) => `${files.get(path).toString('latin1').trimEnd()}\n`).join('');
  return [
    { path: 'etc/ssl/certs/ca-certificates.crt', content: Buffer.from(bundle, 'latin1') },
    { path: 'etc/ca-certificates.conf', content: `${names.join('\n')}\n` },
    { path: 'usr/local/share/ca-certificates' },
  ];
}

/**
 * dpkg's list of what is installed: the paragraphs of the index without what concerns the download.
 * @param {readonly DebianPackage[]} packages
 * @param {(one: DebianPackage) => string} [moreFields] whole lines
 */
export function dpkgStatus(packages, moreFields = () => '') {
  return packages
    .map((one) => {
      const fields = one.paragraph
        .replace(/^(Filename|Size|MD5sum|SHA256|Description-md5): .*\n/gm, '')
        .replace(/^(Package: .*\n)/, '$1Status: install ok installed\n');
      return `${fields}${moreFields(one)}`;
    })
    .join('\n');
}
