/** `[ip:][hostPort:]containerPort[/protocol]` as written; only the container's part reaches an image. */
export interface PortSpec {
  readonly hostIp: string;
  readonly hostPort: string;
  readonly containerPort: string;
  /** As written; `tcp` unless told. */
  readonly protocol: string;
}

const PROTOCOLS = new Set(['tcp', 'udp', 'sctp']);
const MAX_PORT = 65535;
const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;

/** A sentence says what is wrong. */
export function parsePortSpec(text: string): PortSpec | string {
  const parts = text.split(':');
  const [port = '', protocol = ''] = splitOnce(parts.at(-1) ?? '', '/');
  if (port === '') return 'it names no port';
  if (protocol !== '' && !PROTOCOLS.has(protocol.toLowerCase())) return `"${protocol}" is no protocol`;
  return {
    hostIp: parts.slice(0, -2).join(':'),
    hostPort: parts.at(-2) ?? '',
    containerPort: port,
    protocol: protocol || 'tcp',
  };
}

/** `80/tcp` for each port that a spec stands for, or what is wrong with its ports. */
export function exposedPorts(spec: PortSpec): readonly string[] | string {
  if (spec.hostIp !== '' && !isAddress(spec.hostIp)) return `"${spec.hostIp}" is no IP address`;
  const range = parsePortRange(spec.containerPort);
  if (range === undefined) return `"${spec.containerPort}" is no port and no range of ports`;
  if (spec.hostPort !== '') {
    const host = parsePortRange(spec.hostPort);
    if (host === undefined) return `"${spec.hostPort}" is no port and no range of ports`;
    const fits = range.first === range.last || host.last - host.first === range.last - range.first;
    if (!fits) return `the ranges ${spec.containerPort} and ${spec.hostPort} differ in length`;
  }
  const protocol = spec.protocol.toLowerCase();
  return Array.from({ length: range.last - range.first + 1 }, (_, at) => `${range.first + at}/${protocol}`);
}

interface PortRange {
  readonly first: number;
  readonly last: number;
}

function parsePortRange(text: string): PortRange | undefined {
  const [from = '', to] = splitOnce(text, '-');
  const first = parsePort(from);
  const last = to === undefined ? first : parsePort(to);
  return first !== undefined && last !== undefined && last >= first ? { first, last } : undefined;
}

function parsePort(text: string): number | undefined {
  return /^[+-]?\d+$/.test(text) && Number(text) >= 0 && Number(text) <= MAX_PORT ? Number(text) : undefined;
}

function isAddress(text: string): boolean {
  const address = text.replace(/^\[(.*)\]$/, '$1');
  return IPV4.test(address) || (/^[\da-f:.]+$/i.test(address) && URL.canParse(`http://[${address}]/`));
}

function splitOnce(text: string, separator: string): readonly [string, string | undefined] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}
