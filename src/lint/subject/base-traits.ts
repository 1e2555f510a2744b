import type { Reference } from '../../image/reference.ts';
import type { LintStage, StageBase } from './lint-subject.ts';
import { remembered } from './remembered.ts';

/**
 * What is known of an image by its name alone. `undefined` in a field: it depends on the version, or nobody can say;
 * rules stay silent there.
 */
export interface BaseTraits {
  /** As people call it: `alpine`, `distroless static`. */
  readonly title: string;
  /** /bin/sh is there. */
  readonly hasShell: boolean | undefined;
  readonly packageManager: 'apk' | 'apt' | 'dnf' | undefined;
  /** The C library that a dynamic binary finds. */
  readonly libc: 'musl' | 'glibc' | 'none' | undefined;
  readonly hasCaCertificates: boolean | undefined;
  readonly hasTimeZones: boolean | undefined;
  /** Users of /etc/passwd with their ids, those that a USER is likely to name; undefined: not known. */
  readonly users: ReadonlyMap<string, number> | undefined;
  /** What runs unless USER says otherwise; undefined: not known. */
  readonly user: 'root' | 'nonroot' | undefined;
  readonly hasWget: boolean | undefined;
  readonly hasCurl: boolean | undefined;
  readonly hasBash: boolean | undefined;
  /** Where it works unless WORKDIR says otherwise. */
  readonly workdir: string | undefined;
  /** It has a C compiler, so that Go uses cgo unless told not to. */
  readonly hasCompiler: boolean | undefined;
  /** It carries the Go toolchain; the version as far as the tag says it: `1.26`, `1.26.1`. */
  readonly go: { readonly version: string | undefined } | undefined;
}

type Traits = Partial<BaseTraits> & Pick<BaseTraits, 'title'>;

const UNKNOWN = {
  hasShell: undefined,
  packageManager: undefined,
  libc: undefined,
  hasCaCertificates: undefined,
  hasTimeZones: undefined,
  users: undefined,
  user: undefined,
  hasWget: undefined,
  hasCurl: undefined,
  hasBash: undefined,
  workdir: undefined,
  hasCompiler: undefined,
  go: undefined,
} as const;

const NONROOT = 65_532;
const NOBODY = 65_534;
const DISTROLESS_USERS = new Map([
  ['root', 0],
  ['nobody', NOBODY],
  ['nonroot', NONROOT],
]);
const ALPINE_USERS = new Map(
  Object.entries({ root: 0, bin: 1, daemon: 2, mail: 8, ftp: 21, guest: 405, nobody: NOBODY, games: 35, ntp: 123 }),
);
const DEBIAN_USERS = new Map(
  Object.entries({ root: 0, daemon: 1, bin: 2, sys: 3, games: 5, man: 6, mail: 8, 'www-data': 33, nobody: NOBODY }),
);
const BUSYBOX_USERS = new Map(
  Object.entries({ root: 0, daemon: 1, bin: 2, sys: 3, mail: 8, 'www-data': 33, operator: 37, nobody: NOBODY }),
);

const SCRATCH: Traits = {
  title: 'scratch',
  workdir: '/',
  hasShell: false,
  libc: 'none',
  hasCaCertificates: false,
  hasTimeZones: false,
  users: new Map(),
  user: 'root',
  hasWget: false,
  hasCurl: false,
  hasBash: false,
  hasCompiler: false,
};

/** What has neither a shell nor anything else to call. */
const BARE = { hasShell: false, hasWget: false, hasCurl: false, hasBash: false, hasCompiler: false } as const;

const ALPINE: Traits = {
  title: 'alpine',
  workdir: '/',
  hasShell: true,
  packageManager: 'apk',
  libc: 'musl',
  hasCaCertificates: true,
  hasTimeZones: false,
  users: ALPINE_USERS,
  user: 'root',
  hasWget: true,
  hasCurl: false,
  hasBash: false,
  hasCompiler: false,
};

const DEBIAN: Traits = {
  title: 'debian',
  workdir: '/',
  hasShell: true,
  packageManager: 'apt',
  libc: 'glibc',
  hasCaCertificates: false,
  users: DEBIAN_USERS,
  user: 'root',
  hasWget: false,
  hasCurl: false,
  hasBash: true,
  hasCompiler: false,
};

/** Debian with what buildpack-deps brings: compilers, curl, wget, git. */
const BUILDPACK: Traits = {
  ...DEBIAN,
  hasCaCertificates: true,
  hasTimeZones: true,
  hasWget: true,
  hasCurl: true,
  hasCompiler: true,
};

const FEDORA: Traits = {
  title: 'fedora',
  workdir: '/',
  hasShell: true,
  packageManager: 'dnf',
  libc: 'glibc',
  hasCaCertificates: true,
  user: 'root',
  hasCurl: true,
  hasBash: true,
  hasCompiler: false,
};

/** Traits of a base; undefined where the name says nothing. */
export const baseTraits = remembered((base: Exclude<StageBase, { readonly kind: 'stage' }>): BaseTraits | undefined => {
  const traits = base.kind === 'scratch' ? SCRATCH : base.reference && referenceTraits(base.reference);
  return traits && { ...UNKNOWN, ...traits };
});

/** Traits of what a stage begins from, at the bottom of its chain of stages. */
export function stageTraits({ rootBase }: LintStage): BaseTraits | undefined {
  return baseTraits(rootBase);
}

function referenceTraits(reference: Reference): Traits | undefined {
  const { registry, repository, tag = reference.digest === undefined ? 'latest' : '' } = reference;
  if (repository.startsWith('distroless/') && /(?:^|\.)gcr\.io$/.test(registry))
    return distroless(repository.slice('distroless/'.length), tag);
  if (registry === 'cgr.dev') return chainguard(repository.slice(repository.lastIndexOf('/') + 1));
  if (registry.startsWith('registry.') && repository.startsWith('ubi')) return { ...FEDORA, title: repository };
  const name = officialName(reference);
  return name === undefined ? undefined : OFFICIAL[name]?.(tag);
}

/** The name of an official image, from Docker Hub or one of the registries that carry them all. */
function officialName({ registry, repository }: Reference): string | undefined {
  // It takes the short names of Docker Hub.
  if (registry === 'mirror.gcr.io' && !repository.includes('/')) return repository;
  const at = ['docker.io', 'mirror.gcr.io', 'public.ecr.aws'].includes(registry)
    ? repository.lastIndexOf('library/')
    : -1;
  return at < 0 ? undefined : repository.slice(at + 'library/'.length);
}

function distroless(name: string, tag: string): Traits | undefined {
  const [kind = ''] = name.split('-debian');
  const isStatic = kind === 'static';
  const isDebug = tag.includes('debug');
  return {
    ...BARE,
    // The debug variants have busybox, though not at /bin/sh in all versions.
    ...(isDebug && { hasShell: undefined, hasWget: undefined }),
    title: `distroless ${kind}`,
    libc: isStatic ? 'none' : 'glibc',
    hasCaCertificates: true,
    hasTimeZones: true,
    users: DISTROLESS_USERS,
    user: tag === '' ? undefined : tag.includes('nonroot') ? 'nonroot' : 'root',
  };
}

function chainguard(name: string): Traits | undefined {
  const bare = {
    ...BARE,
    hasCaCertificates: true,
    hasTimeZones: true,
    users: DISTROLESS_USERS,
    user: 'nonroot',
  } as const;
  if (name === 'static') return { ...bare, title: 'chainguard static', libc: 'none' };
  if (name === 'glibc-dynamic') return { ...bare, title: 'chainguard glibc-dynamic', libc: 'glibc' };
  if (name !== 'wolfi-base') return undefined;
  return { title: name, hasShell: true, packageManager: 'apk', libc: 'glibc', hasCaCertificates: true, user: 'root' };
}

type Reader = (tag: string) => Traits;

/** An image of a language: the full Debian one, `-slim`, or `-alpine`. */
function language(title: string, extra: Partial<Traits> = {}): Reader {
  return (tag) => {
    const base = isAlpine(tag)
      ? ALPINE
      : tag.includes('slim')
        ? { ...DEBIAN, hasCaCertificates: undefined }
        : BUILDPACK;
    return { ...base, users: undefined, ...extra, title };
  };
}

const OFFICIAL: Readonly<Record<string, Reader>> = {
  alpine: () => ALPINE,
  busybox: (tag) => ({
    ...ALPINE,
    title: 'busybox',
    packageManager: undefined,
    libc: tag.includes('musl') ? 'musl' : tag.includes('glibc') ? 'glibc' : undefined,
    hasCaCertificates: false,
    users: BUSYBOX_USERS,
  }),
  debian: () => DEBIAN,
  ubuntu: () => ({ ...DEBIAN, title: 'ubuntu', hasTimeZones: false }),
  fedora: () => FEDORA,
  almalinux: () => ({ ...FEDORA, title: 'almalinux' }),
  rockylinux: () => ({ ...FEDORA, title: 'rockylinux' }),
  centos: () => ({ ...FEDORA, title: 'centos' }),
  golang: (tag) => ({
    ...(isAlpine(tag) ? ALPINE : BUILDPACK),
    title: 'golang',
    workdir: '/go',
    go: { version: /^(\d+\.\d+(?:\.\d+)?)(?:$|-)/.exec(tag)?.[1] },
  }),
  node: language('node'),
  python: language('python'),
  ruby: language('ruby'),
  rust: language('rust'),
};

function isAlpine(tag: string): boolean {
  return /(?:^|-)alpine/.test(tag);
}
