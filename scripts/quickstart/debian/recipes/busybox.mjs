import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SYSTEM_PATH } from '../base-system.mjs';

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

/** One static binary, and a hard link to it for each of its commands. @type {import('../recipes.mjs').ImageRecipe} */
export const BUSYBOX = {
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
