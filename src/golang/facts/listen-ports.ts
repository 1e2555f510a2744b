import type { ListenPort } from '../module/go-module.ts';
import type { GoExpression } from '../source/go-expression.ts';
import type { GoBinding, GoCall } from '../source/go-source.ts';
import { calledPackage, type ProgramFile, type ProgramSources, placeIn } from './program-sources.ts';
import { ENVIRONMENT_NAME, type GoValue } from './value.ts';

export interface ListenArgument {
  readonly address: GoExpression | undefined;
  readonly network: 'tcp' | 'udp';
  /** What the library takes when it is told nothing. */
  readonly ifMissing?: { readonly port: number; readonly env: readonly string[] };
}

/**
 * The ports a program listens on, as its sources say: those of calls that listen; where one of these takes an address that
 * cannot be followed, also what flags and settings have, and else what looks like an address near the program's start.
 */
export function listenPorts({ files, names, programDir }: ProgramSources): readonly ListenPort[] {
  const called = files.flatMap((file) => [
    ...file.source.calls.flatMap((call) => portOfCall(call, file, names)),
    ...portsOfServers(file, names),
  ]);
  if (called.length > 0 && !files.some((file) => hasUnknownAddress(file, names))) return distinctPorts(called);
  const isServer = files.some(({ source }) => source.imports.some(({ path }) => LISTENING.test(path)));
  const settings = isServer ? files.flatMap((file) => portsOfSettings(file, names)) : [];
  if (called.length + settings.length > 0) return distinctPorts([...called, ...settings]);
  return isServer
    ? files
        .filter(({ dir }) => dir === programDir)
        .flatMap(portsOfLiterals)
        .slice(0, 1)
    : [];
}

function hasUnknownAddress(file: ProgramFile, names: Names): boolean {
  return file.source.calls.some((call) => {
    const listen = listenArgument(call, file);
    return listen?.address !== undefined && names.evaluate(listen.address, file).text === undefined;
  });
}

type Names = ProgramSources['names'];

function portOfCall(call: GoCall, file: ProgramFile, names: Names): readonly ListenPort[] {
  const listen = listenArgument(call, file);
  if (!listen) return [];
  const value = listen.address && names.evaluate(listen.address, file);
  const found = value && portOf(value.text);
  const port = found ?? (listen.address ? undefined : listen.ifMissing?.port);
  if (port === undefined) return [];
  return [
    {
      port,
      network: listen.network,
      certainty: 'call',
      env: [...new Set([...(value?.env ?? []), ...(listen.ifMissing?.env ?? [])])],
      flag: value?.flag,
      at: placeIn(file, call.line),
    },
  ];
}

/** What a call that listens is given; undefined for any other call. */
export function listenArgument(call: GoCall, file: ProgramFile): ListenArgument | undefined {
  const method = call.callee.at(-1) ?? '';
  const [first, second, third] = call.args;
  const path = calledPackage(call, file) ?? '';
  if (/^net$|^crypto\/tls$/.test(path)) return ofNetwork(method, first, second);
  if (path === 'net/http' || path.endsWith('/fasthttp')) {
    return /^ListenAndServe(?:TLS)?$/.test(method) ? { address: first, network: 'tcp' } : undefined;
  }
  if (path !== '') return undefined;
  const imports = (pattern: RegExp) => file.source.imports.some(({ path }) => pattern.test(path));
  if (/^Run(?:TLS)?$/.test(method) && imports(/gin-gonic\/gin/))
    return { address: first, network: 'tcp', ifMissing: { port: 8080, env: ['PORT'] } };
  if (/^Start(?:TLS|AutoTLS)?$/.test(method) && imports(/labstack\/echo/)) return { address: first, network: 'tcp' };
  if (/^Listen(?:TLS)?$/.test(method) && imports(/gofiber\/fiber|kataras\/iris/))
    return { address: first, network: 'tcp' };
  // net.ListenConfig: Listen(ctx, network, address)
  return method === 'Listen' && third && imports(/^net$/) ? ofNetwork(method, second, third) : undefined;
}

function ofNetwork(
  method: string,
  network: GoExpression | undefined,
  address: GoExpression | undefined,
): ListenArgument | undefined {
  if (!/^Listen(?:Packet|TCP|UDP)?$/.test(method)) return undefined;
  const text = network?.kind === 'literal' ? network.text : 'tcp';
  if (/^unix/.test(text)) return undefined;
  return { address, network: /^udp/.test(text) ? 'udp' : 'tcp' };
}

function portsOfServers(file: ProgramFile, names: Names): readonly ListenPort[] {
  return serverAddresses(file).flatMap(({ value, line }) =>
    toPort(names.evaluate(value, file), { file, line, certainty: 'call' }),
  );
}

/** `http.Server{Addr: …}` and `server.Addr = …`. */
export function serverAddresses({ source }: ProgramFile): readonly GoBinding[] {
  return source.references.has('net/http.Server') ? source.bindings.filter(({ name }) => name === 'Addr') : [];
}

/** Flags, settings and environment variables whose name says that they are an address or a port. */
function portsOfSettings(file: ProgramFile, names: Names): readonly ListenPort[] {
  const isNamed = (name: string | undefined): boolean =>
    name !== undefined && PORT_NAME.test(name) && !OF_OTHERS.test(name);
  const ofCalls = file.source.calls
    .filter((call) => !LOGGER.test(calledPackage(call, file) ?? ''))
    .filter(
      ({ args }) => args.length > 1 && args.slice(0, 2).some((arg) => arg.kind === 'literal' && isNamed(arg.text)),
    )
    .map(({ callee, args, line }) => ({ value: { kind: 'call', callee, on: undefined, args } as const, line }));
  const ofTags = file.source.tags
    .filter(({ field, tag }) => isNamed(field) || /(?:PORT|ADDR)\w*"/.test(tag))
    .map(({ field, line }) => ({ value: { kind: 'name', names: [field] } as const, line }));
  return [...ofCalls, ...ofTags].flatMap(({ value, line }) => {
    const found = names.evaluate(value, file);
    const isOwn = [...found.env, found.flag].some(isNamed);
    return isOwn ? toPort(found, { file, line, certainty: 'setting' }) : [];
  });
}

/** `":9115"`, as arguments of libraries that declare the flag themselves. */
function portsOfLiterals(file: ProgramFile): readonly ListenPort[] {
  return file.source.calls.flatMap(({ args, line }) =>
    args
      .flatMap((arg) => (arg.kind === 'literal' && /^(?:0\.0\.0\.0|\[::\])?:\d{2,5}$/.test(arg.text) ? [arg.text] : []))
      .flatMap((text) => toPort({ text, env: [], flag: undefined }, { file, line, certainty: 'setting' })),
  );
}

const LISTENING = /^net\/http$|grpc$|fasthttp$|gin-gonic|labstack\/echo|gofiber|exporter-toolkit/;
/** Their Int("port", n) defines no flag. */
const LOGGER = /(?:^|\/)(?:slog|zap|zerolog|logrus|log)$/;
const PORT_NAME =
  /(?:^|[-_.])(?:port|listen|bind|addr|address)(?:$|[-_.])|^(?:listen|bind|http|web|server)?(?:port|addr|address)$/i;

/** Ports that the program connects to. */
const OF_OTHERS = /proxy|remote|smtp|redis|db|database|postgres|mysql|mongo|kafka|nats|amqp|target|upstream/i;

interface Origin {
  readonly file: ProgramFile;
  readonly line: number;
  readonly certainty: ListenPort['certainty'];
}

function toPort({ text, env, flag }: GoValue, { file, line, certainty }: Origin): readonly ListenPort[] {
  const port = portOf(text);
  if (port === undefined) return [];
  return [
    {
      port,
      network: 'tcp',
      certainty,
      env: env.filter((name) => ENVIRONMENT_NAME.test(name)),
      flag,
      at: placeIn(file, line),
    },
  ];
}

/** Hosts of addresses that only the program's own machine reaches; in a container that is the container. */
export const LOOPBACK = /^(?:127\.|localhost:|\[::1\]:)/;

/** Of an address that others can reach; `127.0.0.1:6060` is for the program's own machine only. */
function portOf(text: string | undefined): number | undefined {
  const match = /^(?:.*:)?(\d{2,5})$/.exec(text ?? '');
  if (!match || LOOPBACK.test(text ?? '') || /^https?:/.test(text ?? '')) return undefined;
  const port = Number(match[1]);
  return port > 0 && port < 65_536 ? port : undefined;
}

function distinctPorts(ports: readonly ListenPort[]): readonly ListenPort[] {
  const byPort = new Map<string, ListenPort>();
  for (const found of ports) {
    const key = `${found.port}/${found.network}`;
    const known = byPort.get(key);
    byPort.set(
      key,
      known ? { ...known, env: [...new Set([...known.env, ...found.env])], flag: known.flag ?? found.flag } : found,
    );
  }
  return [...byPort.values()];
}
