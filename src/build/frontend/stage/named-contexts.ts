import { KnownError } from '../../../diagnostics/known-error.ts';
import { formatPlatform, normalizePlatform } from '../../../image/parse-platform.ts';
import type { Platform } from '../../../image/platform.ts';
import { familiarReference, parseReference } from '../../../image/reference.ts';
import type { FrontendOptions } from '../build-plan.ts';

const PLATFORM_SEPARATOR = '::';

/**
 * The key among the named contexts that stands in for a stage or an image of this name, if one does. Names are
 * compared as references, so that `golang` is `docker.io/library/golang:latest`; `name::os/arch` counts for one
 * platform and comes before `name`. `scratch` and `context` cannot be replaced.
 */
export function namedContextFor(name: string, platform: Platform, options: FrontendOptions): string | undefined {
  if (['scratch', 'context'].includes(name.toLowerCase())) return undefined;
  const familiar = familiarNameOf(name);
  if (familiar === undefined) return undefined;
  const keys = Object.keys(options.namedContexts);
  const specific = `${familiar}${PLATFORM_SEPARATOR}${formatPlatform(normalizePlatform(platform))}`;
  return keys.find((key) => comparableKey(key) === specific) ?? keys.find((key) => comparableKey(key) === familiar);
}

function comparableKey(key: string): string | undefined {
  const [name = '', platform] = key.split(PLATFORM_SEPARATOR);
  const familiar = familiarNameOf(name);
  return familiar === undefined || platform === undefined ? familiar : `${familiar}${PLATFORM_SEPARATOR}${platform}`;
}

function familiarNameOf(name: string): string | undefined {
  try {
    return familiarReference(parseReference(name)).replace(/:latest$/, '');
  } catch (error) {
    if (error instanceof KnownError) return undefined;
    throw error;
  }
}
