import { baseSystem, isDocumentation, isMaster, SYSTEM_PATH } from '../base-system.mjs';
import { dpkgDatabase } from '../dpkg-database.mjs';
import { parseFields } from '../package-index.mjs';

/** The user that apt downloads as. */
const APT_USER = '_apt:x:42:65534::/nonexistent:/usr/sbin/nologin';

/** What pam-auth-update(8) would choose with pam_unix alone. */
const PAM = [
  ['account', ''],
  ['auth', ' nullok'],
  ['password', ' obscure yescrypt'],
  ['session', ''],
  ['session-noninteractive', ''],
];

/**
 * What debootstrap's smallest variant installs: the required packages and apt, without documentation.
 * @param {string} suite such as `bookworm`
 * @returns {import('../recipes.mjs').ImageRecipe}
 */
export function debianRecipe(suite) {
  return {
    suites: [[suite]],
    choose: ([index]) => ({ packages: minimalPackages(index), isExact: true }),
    rootfs: (packages) => ({
      place: (path) => (isDocumentation(path) ? undefined : path),
      // dpkg's database has the digests of configuration files.
      remembers: (path) => isMaster(path) || path.startsWith('etc/'),
      keepsControl: true,
      finish: (files, unpacked) => [
        ...dpkgDatabase(packages, files, unpacked),
        ...accounts(baseSystem(files, packages)),
        ...PAM.map(([type, options]) => ({
          path: `etc/pam.d/common-${type}`,
          content: `${type.replace('-noninteractive', '')}\trequired\tpam_unix.so${options}\n`,
        })),
        { path: 'etc/apt/sources.list.d/debian.sources', content: aptSources(packages, suite) },
      ],
    }),
    changes: () => [`ENV PATH=${SYSTEM_PATH}`, 'CMD ["bash"]'],
  };
}

function minimalPackages(index) {
  const names = [...index.withField('Priority', 'required'), ...index.withField('Essential', 'yes')].map(
    ({ name }) => name,
  );
  // In bookworm the alternative that comes first, usrmerge, would do the merging and needs all of perl for it.
  const merged = index.versions('usr-is-merged').map(({ name }) => name);
  return [...new Set([...names, ...merged, 'apt'])].sort();
}

/** As pwconv(8) leaves them: passwords, of which there are none, in files of their own. */
function accounts(generated) {
  const others = generated.filter(({ path }) => path !== 'etc/passwd' && path !== 'etc/group');
  const linesOf = (wanted) => {
    const text = generated.find(({ path }) => path === wanted)?.content ?? '';
    return text
      .toString()
      .split('\n')
      .filter((line) => line !== '');
  };
  const users = [...linesOf('etc/passwd').map((line) => line.replace(':*:', ':x:')), APT_USER];
  const groups = linesOf('etc/group').map((line) => line.replace(':*:', ':x:'));
  const nameOf = (line) => line.slice(0, line.indexOf(':'));
  const file = (path, lines, more = {}) => ({ path, content: lines.map((line) => `${line}\n`).join(''), ...more });
  return [
    ...others,
    file('etc/subuid', []),
    file('etc/subgid', []),
    file('etc/passwd', users),
    file('etc/group', groups),
    // Group 42 is "shadow" on every Debian.
    file(
      'etc/shadow',
      users.map((line) => `${nameOf(line)}:*::0:99999:7:::`),
      { mode: 0o640, gid: 42 },
    ),
    file(
      'etc/gshadow',
      groups.map((line) => `${nameOf(line)}:*::`),
      { mode: 0o640, gid: 42 },
    ),
  ];
}

/** The image's apt asks the mirror that the image was made from, which this machine is known to reach. */
function aptSources(packages, suite) {
  const mirror = new URL(packages[0]?.mirror ?? 'http://deb.debian.org/debian');
  mirror.username = '';
  mirror.password = '';
  const version = parseFields(packages.find(({ name }) => name === 'debian-archive-keyring')?.paragraph ?? '').get(
    'version',
  );
  const keyring = version && Number.parseInt(version, 10) >= 2025 ? 'pgp' : 'gpg';
  return [
    'Types: deb',
    `URIs: ${mirror.href}`,
    `Suites: ${suite}`,
    'Components: main',
    `Signed-By: /usr/share/keyrings/debian-archive-keyring.${keyring}`,
    '',
  ].join('\n');
}
