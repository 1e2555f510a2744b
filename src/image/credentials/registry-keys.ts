import { DOCKER_HUB } from '../reference.ts';

/** The name docker has logged in to Docker Hub under since its first registry. */
const HUB_KEY = 'https://index.docker.io/v1/';
const HUB_HOSTS = new Set([DOCKER_HUB, 'index.docker.io', 'registry-1.docker.io']);

/** What credentials of a registry are stored under, in files and in helpers. */
export function registryKey(registry: string): string {
  return HUB_HOSTS.has(registry) ? HUB_KEY : registry;
}

/**
 * The stored key that fits a repository best, or undefined: the repository itself, the namespaces above it (podman's
 * files have these), the registry, and last the registry as an address with scheme and API version.
 */
export function matchRegistryKey(
  keys: readonly string[],
  { registry, repository }: { readonly registry: string; readonly repository?: string | undefined },
): string | undefined {
  const exact = candidates(registry, repository).find((key) => keys.includes(key));
  return exact ?? keys.find((key) => canonicalHost(hostOfKey(key)) === canonicalHost(registry));
}

function candidates(registry: string, repository: string | undefined): string[] {
  const parts = repository?.split('/') ?? [];
  const namespaces = parts.map((_, index) => [registry, ...parts.slice(0, parts.length - index)].join('/'));
  return [...namespaces, registryKey(registry), registry];
}

/** The host of a key that is an address; other keys with a path are namespaces and stand for themselves. */
function hostOfKey(key: string): string {
  const withoutScheme = /^https?:\/\/([^/]+)/i.exec(key)?.[1];
  return withoutScheme ?? key.replace(/\/v[12]\/?$/, '');
}

function canonicalHost(host: string): string {
  return HUB_HOSTS.has(host) ? DOCKER_HUB : host;
}
