import { KnownError } from '../diagnostics/known-error.ts';
import { stripControl } from '../diagnostics/redact.ts';
import type { Descriptor } from './descriptor.ts';
import { formatPlatform, normalizePlatform } from './parse-platform.ts';
import type { Platform } from './platform.ts';

/**
 * The manifest of an index that suits a machine best, by containerd's order: the platform itself, then what it can
 * also run (older arm and amd64 variants, 386 on amd64), the first in the index among equals. Attestations never
 * match; a manifest that names no platform is taken when nothing else matches.
 */
export function matchPlatform(manifests: readonly Descriptor[], wanted: Platform): Descriptor | undefined {
  const images = manifests.filter(isImage);
  for (const candidate of platformVector(normalizePlatform(wanted))) {
    const [best] = images
      .filter(({ platform }) => platform && runsOn(normalizePlatform(platform), candidate))
      .sort((a, b) => featureCount(b) - featureCount(a));
    if (best) return best;
  }
  return images.find(({ platform }) => platform === undefined);
}

/**
 * `matchPlatform`, or a sentence that lists what there is.
 * @throws KnownError IMAGE_PLATFORM_MISSING
 */
export function selectPlatform(manifests: readonly Descriptor[], wanted: Platform, imageName: string): Descriptor {
  const found = matchPlatform(manifests, wanted);
  if (found) return found;
  const present = platformsOf(manifests);
  throw new KnownError('IMAGE_PLATFORM_MISSING', `${imageName} has no image for ${formatPlatform(wanted)}.`, {
    hint:
      present.length === 0
        ? 'Its index lists no image at all.'
        : `It has ${present.join(', ')}; choose one with --platform.`,
  });
}

/** The platforms an index offers, for people, in its order; attestations and repetitions left out. */
export function platformsOf(manifests: readonly Descriptor[]): string[] {
  const named = manifests.filter(isImage).flatMap(({ platform }) => platform ?? []);
  return [...new Set(named.map((platform) => stripControl(formatPlatform(platform)).slice(0, 60)))].slice(0, 40);
}

/** BuildKit stores provenance and SBOMs in the index as manifests for unknown/unknown. */
function isImage({ platform, annotations }: Descriptor): boolean {
  if (annotations?.['vnd.docker.reference.type'] === 'attestation-manifest') return false;
  return platform?.os !== 'unknown' && platform?.architecture !== 'unknown';
}

function runsOn(image: Platform, machine: Platform): boolean {
  return (
    image.os === machine.os &&
    image.architecture === machine.architecture &&
    (image.variant ?? '') === (machine.variant ?? '') &&
    (image['os.features'] ?? []).every((feature) => machine['os.features']?.includes(feature))
  );
}

function featureCount({ platform }: Descriptor): number {
  return platform?.['os.features']?.length ?? 0;
}

/** What a normalised platform can run, best first. */
function platformVector(platform: Platform): Platform[] {
  switch (platform.architecture) {
    case 'amd64':
      return [...olderVersions(platform, 1), { ...withoutVariant(platform), architecture: '386' }];
    case 'arm':
      return olderVersions(platform, 5);
    case 'arm64':
      return arm64Vector(platform);
    default:
      return [platform];
  }
}

/** The platform, then the variants `vN` below it down to `lowest`. */
function olderVersions(platform: Platform, lowest: number): Platform[] {
  const version = Number(/^v?(\d{1,2})$/.exec(platform.variant ?? '')?.[1] ?? 0);
  const older: Platform[] = [];
  for (let v = version - 1; v >= lowest; v--) older.push(normalizePlatform({ ...platform, variant: `v${v}` }));
  return [platform, ...older];
}

/** v9.x runs v8.(x+5), and every arm64 runs 32-bit arm up to v8. */
function arm64Vector(platform: Platform): Platform[] {
  const [, major = '', minor = '0'] = /^v(8|9)(?:\.(\d))?$/.exec(platform.variant ?? 'v8') ?? [];
  if (major === '' || (major === '9' && Number(minor) > 7)) return [platform];
  const nine = major === '9' ? minors('v9', Number(minor)) : [];
  const eight = minors('v8', major === '9' ? Math.min(9, Number(minor) + 5) : Number(minor));
  return [
    ...[...nine, ...eight].map((variant) => normalizePlatform({ ...platform, variant })),
    ...olderVersions({ ...platform, architecture: 'arm', variant: 'v8' }, 5),
  ];
}

function minors(major: string, from: number): string[] {
  return Array.from({ length: from + 1 }, (_, index) => (from === index ? major : `${major}.${from - index}`));
}

function withoutVariant({ variant: _, ...platform }: Platform): Platform {
  return platform;
}
