import { KnownError } from '../../diagnostics/known-error.ts';
import { DOCKER_HUB } from '../reference.ts';
import { inNetwork, isLoopback } from './host-name.ts';

/** The address of a registry over HTTPS. Docker Hub's host is not its name. @throws KnownError REFERENCE_INVALID */
export function registryUrl(registry: string): URL {
  const host = registry === DOCKER_HUB ? 'registry-1.docker.io' : registry;
  if (URL.canParse(`https://${host}`)) return new URL(`https://${host}`);
  throw new KnownError('REFERENCE_INVALID', `"${host}" cannot be the host and port of a registry.`);
}

export type TransportSecurity = 'https' | 'loopback' | 'insecure';

/**
 * How a registry may be spoken to. `https`: with a certificate that verifies, or not at all. `loopback` and
 * `insecure`: plain HTTP and unverified certificates are allowed too. `insecureRegistries` holds names as they stand
 * in references, and networks in CIDR form.
 */
export function transportSecurity(registry: string, insecureRegistries: readonly string[]): TransportSecurity {
  const { hostname } = registryUrl(registry);
  if (isLoopback(hostname)) return 'loopback';
  const listed = insecureRegistries.some((entry) => entry === registry || inNetwork(hostname, entry));
  return listed ? 'insecure' : 'https';
}
