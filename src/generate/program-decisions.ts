import type { GoProgram, ListenPort } from '../golang/module/go-module.ts';
import type { BaseKind, Decision, ProgramPlan } from './image-plan.ts';
import { reachableByFlag } from './plan-ports.ts';

/** Where net/http/pprof is served by custom, for the program's own machine. */
const PROFILER = 6060;

/** What was chosen for a program and why, in the order of the Dockerfile. */
export function programDecisions(plan: ProgramPlan, wanted: BaseKind | undefined): readonly Decision[] {
  const { program } = plan;
  const [cgo] = program.cgo;
  const [client] = program.tlsClients;
  const [zone] = program.timeZones;
  const [port] = program.ports;
  const reached = reachableByFlag(program);
  const [variable] = program.versionVariables;
  const decisions: (Decision | undefined)[] = [
    {
      what: `FROM ${plan.baseImage}`,
      why: wanted ? '--base' : cgo ? 'it needs a C library' : 'a static binary needs nothing else',
    },
    cgo && {
      what: 'CGO_ENABLED=1',
      why: cgo.kind === 'module' ? `${cgo.name} is C` : `${cgo.name} imports "C"`,
      at: cgo.at,
    },
    leftOutDecision(program),
    client && plan.copiesCertificates
      ? { what: 'certificates are copied', why: `${client.value} is a client`, at: client.at }
      : undefined,
    zone && plan.tags.includes('timetzdata')
      ? { what: 'time zones are built in', why: `it loads ${zone.value}`, at: zone.at }
      : undefined,
    ...plan.files.map(({ path }) => ({
      what: `${path} is copied`,
      why: 'it is opened at run time',
      at: program.opened.find(({ found }) => found?.path === path)?.at,
    })),
    port && {
      what: `EXPOSE ${plan.ports.join(' ')}`,
      why: port.certainty === 'call' ? 'it listens there' : 'a setting says so',
      at: port.at,
    },
    reached && {
      what: `CMD ${plan.command.join(' ')}`,
      why: `in a container nothing reaches ${reached.address}`,
      at: reached.at,
    },
    {
      what: plan.healthCheck ? `HEALTHCHECK ${plan.healthCheck.join(' ')}` : 'HEALTHCHECK NONE',
      why: plan.noHealthCheck,
      at: program.healthCommand?.at ?? (port && program.healthRoutes[0]?.at),
    },
    plan.stopSignal
      ? { what: `STOPSIGNAL ${plan.stopSignal}`, why: 'SIGTERM is not waited for', at: program.signals[0]?.at }
      : undefined,
    variable && { what: `-X ${variable.symbol}`, why: 'so that the program knows its version', at: variable.at },
  ];
  return decisions.filter((decision) => decision !== undefined);
}

function leftOutDecision({ leftOut }: GoProgram): Decision | undefined {
  const [first, second, ...more] = leftOut;
  if (!first) return undefined;
  const names = [first, second].flatMap((found) => found?.value ?? []).join(', ');
  const rest = more.length === 0 ? '' : ` and ${more.length} more`;
  return { what: 'not all is built', why: `files wait for -tags ${names}${rest}; --tags sets them`, at: first.at };
}

/** What its user has to see to. */
export function programWarnings(program: GoProgram): readonly Decision[] {
  const { embeds, ports, loopbackPorts, signals, opened } = program;
  const missing = embeds
    .filter(({ files }) => files.length === 0)
    .map(({ pattern, at }) => ({
      what: `Nothing matches "${pattern}"`,
      why: 'it is embedded, so the build needs it: make it before, outside or in a stage of its own',
      at,
    }));
  const reached = reachableByFlag(program);
  const [loopback] = loopbackPorts.filter(({ port }) => port !== PROFILER);
  const unreachable: Decision[] =
    ports.length > 0 || !loopback || reached
      ? []
      : [
          {
            what: `It listens on ${loopback.address}`,
            why: 'nothing outside of the container reaches that: let its host be empty, or a setting',
            at: loopback.at,
          },
        ];
  const listens = ports[0] ?? reached;
  const graceless: Decision[] =
    !listens || signals.length > 0
      ? []
      : [
          {
            what: 'SIGTERM ends it at once',
            why: 'nothing waits for signals: requests in flight are cut off',
            at: listens.at,
          },
        ];
  const low = ports.find(({ port }) => port < 1024);
  const privileged: Decision[] = low
    ? [
        {
          what: `It listens on port ${low.port}`,
          why: `an ordinary user may do so in docker's networks, not in the host's (slipway run, --network host)${otherPort(low)}`,
          at: low.at,
        },
      ]
    : [];
  const secret = opened.find(({ path }) => /(?:^|\/)\.env$/.test(path));
  const environment: Decision[] = secret
    ? [
        {
          what: `${secret.path} is not in the image`,
          why: 'secrets do not belong there: give its variables when the container starts',
          at: secret.at,
        },
      ]
    : [];
  return [...missing, ...unreachable, ...privileged, ...graceless, ...environment];
}

function otherPort({ env, flag }: ListenPort): string {
  const settings = [...env, ...(flag === undefined ? [] : [`--${flag}`])];
  return settings.length === 0 ? '' : `; ${settings.join(' or ')} changes it`;
}
