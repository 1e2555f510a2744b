import { BlockList, isIP } from 'node:net';

/** 127.0.0.0/8, ::1 and localhost; traffic to these does not leave the machine. Takes a host name without a port. */
export function isLoopback(hostname: string): boolean {
  const host = bareHost(hostname);
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** Whether an IP address lies in a network such as 10.0.0.0/8; false for everything that is no address or no network. */
export function inNetwork(hostname: string, network: string): boolean {
  const host = bareHost(hostname);
  const [base = '', bits = ''] = network.split('/');
  const version = isIP(base);
  if (version === 0 || isIP(host) !== version) return false;
  if (!/^\d{1,3}$/.test(bits) || Number(bits) > (version === 4 ? 32 : 128)) return false;
  const family = version === 4 ? 'ipv4' : 'ipv6';
  const list = new BlockList();
  list.addSubnet(base, Number(bits), family);
  return list.check(host, family);
}

/** Lower case, and an IPv6 address without its brackets. */
export function bareHost(hostname: string): string {
  return hostname.toLowerCase().replace(/^\[(.*)\]$/, '$1');
}
