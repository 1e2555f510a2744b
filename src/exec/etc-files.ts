import { readFileSync } from 'node:fs';
import { systemErrorCode } from '../diagnostics/known-error.ts';

/** As docker has it where the machine itself names no server. */
const FALLBACK_SERVERS = ['8.8.8.8', '8.8.4.4', '2001:4860:4860::8888', '2001:4860:4860::8844'];

export interface HostsOptions {
  readonly hostname: string;
  readonly extraHosts: readonly { readonly name: string; readonly address: string }[];
}

/** /etc/hosts as BuildKit gives it to a RUN step. */
export function hostsFile({ hostname, extraHosts }: HostsOptions): string {
  const lines = [
    `127.0.0.1\tlocalhost ${hostname}`,
    '::1\tlocalhost ip6-localhost ip6-loopback',
    ...extraHosts.map(({ name, address }) => `${address}\t${name}`),
  ];
  return `${lines.join('\n')}\n`;
}

/** /etc/resolv.conf: the machine's own, or public servers where it has none. */
export function resolvConf(path = '/etc/resolv.conf'): string {
  const own = readIfThere(path);
  if (/^\s*nameserver\s/m.test(own)) return own.endsWith('\n') ? own : `${own}\n`;
  return `${FALLBACK_SERVERS.map((server) => `nameserver ${server}`).join('\n')}\n`;
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (['ENOENT', 'EACCES'].includes(systemErrorCode(error) ?? '')) return '';
    throw error;
  }
}
