import { createHash } from 'node:crypto';
import { dpkgStatus } from './base-system.mjs';
import { parseFields } from './package-index.mjs';

/**
 * dpkg's own record of packages that it has not installed itself, so that it can upgrade, remove and add to them.
 * @param {readonly import('./package-index.mjs').DebianPackage[]} packages
 * @param {ReadonlyMap<string, Buffer>} files contents below etc/
 * @param {import('./rootfs.mjs').Unpacked} unpacked
 * @returns {import('./rootfs.mjs').GeneratedEntry[]}
 */
export function dpkgDatabase(packages, files, { control, paths }) {
  const info = packages.flatMap((one) => [
    { path: `${infoPath(one)}.list`, content: ['/.', ...paths.get(one.name).map((path) => `/${path}`), ''].join('\n') },
    ...[...control.get(one.name)]
      .filter(([member]) => member !== 'control')
      .map(([member, { content, mode }]) => ({ path: `${infoPath(one)}.${member}`, content, mode })),
  ]);
  const status = dpkgStatus(packages, (one) => conffilesField(control.get(one.name).get('conffiles')?.content, files));
  return [
    ...info,
    { path: 'var/lib/dpkg/info/format', content: '1\n' },
    { path: 'var/lib/dpkg/status', content: Buffer.from(status, 'latin1') },
    { path: 'var/lib/dpkg/available', content: '' },
    { path: 'var/lib/dpkg/diversions', content: '' },
    { path: 'var/lib/dpkg/triggers' },
    { path: 'var/lib/dpkg/updates' },
    { path: 'var/cache/apt/archives/partial', mode: 0o700 },
    { path: 'var/lib/apt/lists/partial', mode: 0o700 },
  ];
}

/** Packages that can be installed for several architectures at once have theirs in the name. */
function infoPath({ name, architecture, paragraph }) {
  const isShared = parseFields(paragraph).get('multi-arch') === 'same';
  return `var/lib/dpkg/info/${isShared ? `${name}:${architecture}` : name}`;
}

function conffilesField(list, files) {
  const lines = (list?.toString() ?? '')
    .split('\n')
    .filter((path) => path.startsWith('/'))
    .map((path) => ({ path, content: files.get(path.slice(1)) }))
    .filter(({ content }) => content !== undefined)
    .map(({ path, content }) => ` ${path} ${createHash('md5').update(content).digest('hex')}\n`);
  return lines.length > 0 ? `Conffiles:\n${lines.join('')}` : '';
}
