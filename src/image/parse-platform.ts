import { KnownError } from '../diagnostics/known-error.ts';
import { stripControl } from '../diagnostics/redact.ts';
import type { Platform } from './platform.ts';

const COMPONENT = /^[A-Za-z0-9_.-]+$/;
const OS = /^([A-Za-z0-9_-]+)(?:\(([A-Za-z0-9_.-]*)\))?$/;
const KNOWN_OS = new Set(
  'aix android darwin dragonfly freebsd hurd illumos ios js linux nacl netbsd openbsd plan9 solaris windows zos'.split(
    ' ',
  ),
);
const KNOWN_ARCHITECTURES = new Set(
  (
    '386 amd64 amd64p32 arm armbe arm64 arm64be ppc64 ppc64le loong64 mips mipsle mips64 mips64le mips64p32 ' +
    'mips64p32le ppc riscv riscv64 s390 s390x sparc sparc64 wasm'
  ).split(' '),
);

/**
 * Reads `os`, `arch`, `os/arch` or `os/arch/variant` as containerd does; what is left out is the host's.
 * The variant is kept as containerd's parser keeps it (`linux/arm64/v8` has v8): `normalizePlatform` gives one form.
 * @throws KnownError PLATFORM_INVALID
 */
export function parsePlatform(text: string): Platform {
  const [first = '', ...rest] = text.split('/', 5);
  const os = OS.exec(first);
  if (!os || !rest.every((part) => COMPONENT.test(part))) throw invalid(text);
  const [, name = '', version] = os;
  const named = { os: normalizeOs(name), ...(version && { 'os.version': version }) };
  const [architecture, variant] = rest;
  if (architecture === undefined) return parseSingle(text, named);
  if (rest.length > 2) throw invalid(text);
  const normal = normalizeArchitecture(architecture, variant ?? '');
  if (variant === undefined) return platform(named, normal.architecture, withoutDefaultArm(normal));
  const shown = normal.architecture === 'arm64' && normal.variant === '' ? 'v8' : normal.variant;
  return platform(named, normal.architecture, shown);
}

/** `os/arch[/variant]`, the form `--platform` takes; `unknown` without an os. */
export function formatPlatform({ os, architecture, variant }: Platform): string {
  return os === '' ? 'unknown' : [os, architecture, variant].filter(Boolean).join('/');
}

/** One spelling for platforms that are the same: aarch64 is arm64, arm64/v8 is arm64, arm is arm/v7. */
export function normalizePlatform(given: Platform): Platform {
  const { os, architecture, variant, ...rest } = given;
  const normal = normalizeArchitecture(architecture, variant ?? '');
  const features = rest['os.features'];
  const named = { ...rest, os: normalizeOs(os), ...(features && { 'os.features': [...features].sort() }) };
  return platform(named, normal.architecture, normal.variant);
}

/** The machine's own platform, always with os linux: the images Slipway runs are Linux's. */
export function hostPlatform(): Platform {
  const names: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386', ppc64: 'ppc64le' };
  const architecture = names[process.arch] ?? process.arch;
  return normalizePlatform({ os: 'linux', architecture, ...(architecture === 'arm' && { variant: armVersion() }) });
}

function armVersion(): string {
  const variables: Readonly<Record<string, unknown>> = { ...process.config.variables };
  return typeof variables.arm_version === 'string' ? `v${variables.arm_version}` : 'v7';
}

function parseSingle(text: string, named: { readonly os: string }): Platform {
  const host = hostPlatform();
  if (KNOWN_OS.has(named.os)) return { ...host, ...named };
  const normal = normalizeArchitecture(text, '');
  if (!KNOWN_ARCHITECTURES.has(normal.architecture)) throw invalid(text);
  return platform({ os: host.os }, normal.architecture, withoutDefaultArm(normal));
}

function platform(named: { readonly os: string }, architecture: string, variant: string): Platform {
  return { ...named, architecture, ...(variant !== '' && { variant }) };
}

function withoutDefaultArm({ architecture, variant }: { architecture: string; variant: string }): string {
  return architecture === 'arm' && variant === 'v7' ? '' : variant;
}

function normalizeOs(os: string): string {
  const lower = os.toLowerCase();
  if (lower === '') return 'linux';
  return lower === 'macos' ? 'darwin' : lower;
}

function normalizeArchitecture(architecture: string, variant: string): { architecture: string; variant: string } {
  const lower = variant.toLowerCase();
  const name = architecture.toLowerCase();
  switch (name) {
    case 'i386':
      return { architecture: '386', variant: '' };
    case 'x86_64':
    case 'x86-64':
    case 'amd64':
      return { architecture: 'amd64', variant: lower === 'v1' ? '' : lower };
    case 'aarch64':
    case 'arm64':
      return { architecture: 'arm64', variant: arm64Variant(lower) };
    case 'armhf':
      return { architecture: 'arm', variant: 'v7' };
    case 'armel':
      return { architecture: 'arm', variant: 'v6' };
    case 'arm':
      return { architecture: 'arm', variant: armVariant(lower) };
    default:
      return { architecture: name, variant: lower };
  }
}

function arm64Variant(variant: string): string {
  if (['8', 'v8', 'v8.0'].includes(variant)) return '';
  return ['9', '9.0', 'v9.0'].includes(variant) ? 'v9' : variant;
}

function armVariant(variant: string): string {
  if (variant === '') return 'v7';
  return /^[5-8]$/.test(variant) ? `v${variant}` : variant;
}

function invalid(text: string): KnownError {
  return new KnownError('PLATFORM_INVALID', `"${stripControl(text.slice(0, 100))}" is not a platform.`, {
    hint: 'A platform is os/architecture[/variant], such as linux/amd64 or linux/arm64/v8.',
  });
}
