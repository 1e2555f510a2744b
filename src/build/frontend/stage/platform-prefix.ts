import { formatPlatform, parsePlatform } from '../../../image/parse-platform.ts';
import type { Platform } from '../../../image/platform.ts';
import type { EnvList } from '../value/env-list.ts';

/** A step's platform in a build for several: `linux/amd64`, or `linux/amd64->arm64` where a stage cross-compiles. */
export function platformPrefix(platform: Platform, env: EnvList): string {
  const target = targetPlatform(platform, env);
  const own = formatPlatform(platform);
  if (target === undefined) return own;
  if (target.os !== platform.os) return `${own}->${formatPlatform(target)}`;
  if (target.architecture === platform.architecture) return own;
  const variant = target.variant === undefined || target.variant === '' ? '' : `/${target.variant}`;
  return `${own}->${target.architecture}${variant}`;
}

function targetPlatform(platform: Platform, env: EnvList): Platform | undefined {
  const declared = env.get('TARGETPLATFORM');
  if (declared !== undefined) return parsePlatform(declared);
  const [os, architecture, variant] = [env.get('TARGETOS'), env.get('TARGETARCH'), env.get('TARGETVARIANT')];
  if (os === undefined && architecture === undefined && variant === undefined) return undefined;
  return {
    os: os || platform.os,
    architecture: architecture || platform.architecture,
    ...(variant ? { variant } : {}),
  };
}
