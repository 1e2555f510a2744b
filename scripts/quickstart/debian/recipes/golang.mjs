import { baseSystem, isDocumentation, isMaster, SYSTEM_PATH } from '../base-system.mjs';
import { compareVersions } from '../version.mjs';

// The official image has a C compiler and perl too; a Go build without cgo needs neither, and with cgo the compiler.
const GOLANG_TOOLS = [
  ...['base-files', 'base-passwd', 'bash', 'ca-certificates', 'coreutils', 'dash', 'findutils', 'git', 'grep', 'gzip'],
  ...['libc-bin', 'make', 'mawk', 'openssl', 'sed', 'tar', 'tzdata'],
];

const C_TOOLS = ['gcc', 'libc6-dev', 'pkgconf'];

/**
 * Go with the tools that its builds call.
 * @param {string} wanted such as `1.26`; a newer Go is taken where no suite has this one
 * @param {{ withCgo?: boolean }} [options]
 * @returns {import('../recipes.mjs').ImageRecipe}
 */
export function golangRecipe(wanted, { withCgo = false } = {}) {
  const tools = withCgo ? [...GOLANG_TOOLS, ...C_TOOLS] : GOLANG_TOOLS;
  return {
    suites: [['stable'], ['stable', 'stable-backports'], ['testing'], ['unstable']],
    choose(indexes) {
      const version = nearestGo(indexes, wanted);
      return version && { packages: [...tools, `golang-${version}-go`], isExact: version === wanted };
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
