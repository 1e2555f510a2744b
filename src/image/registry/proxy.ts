import { isIP } from 'node:net';
import type { Environment } from '../environment.ts';
import { bareHost, inNetwork, isLoopback } from './host-name.ts';

/**
 * The proxy for an address, from HTTPS_PROXY, HTTP_PROXY and NO_PROXY (either case), or undefined for none. As in
 * Go's programs, loopback is never proxied, and NO_PROXY takes host names with their subdomains, `.suffix`, `*`,
 * addresses, networks in CIDR form, and a port.
 */
export function proxyFor(url: URL, env: Environment): string | undefined {
  if (isLoopback(url.hostname) || isExcluded(url, variable(env, 'NO_PROXY') ?? '')) return undefined;
  const proxy = variable(env, url.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY');
  if (proxy === undefined) return undefined;
  return proxy.includes('://') ? proxy : `http://${proxy}`;
}

function variable(env: Environment, name: string): string | undefined {
  return env[name] || env[name.toLowerCase()] || undefined;
}

function isExcluded(url: URL, list: string): boolean {
  const host = bareHost(url.hostname);
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return list
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => entry === '*' || inNetwork(host, entry) || matchesName({ host, port }, entry.toLowerCase()));
}

function matchesName({ host, port }: { host: string; port: string }, entry: string): boolean {
  const [, name = entry, onlyPort] = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(entry) ?? [];
  if (onlyPort !== undefined && onlyPort !== port) return false;
  const domain = bareHost(name.replace(/^\*?\./, ''));
  const onlySubdomains = name.startsWith('.') || name.startsWith('*.');
  return (host === domain && !onlySubdomains) || (isIP(host) === 0 && host.endsWith(`.${domain}`));
}
