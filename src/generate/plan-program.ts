import { posix } from 'node:path';
import { KnownError } from '../diagnostics/known-error.ts';
import type { GoModule, GoProgram, VersionVariable } from '../golang/module/go-module.ts';
import type { BaseKind, Decision, ProgramPlan } from './image-plan.ts';
import { planHealthCheck } from './plan-health-check.ts';

interface PlannedProgram {
  readonly plan: ProgramPlan;
  readonly decisions: readonly Decision[];
  readonly warnings: readonly Decision[];
}

const STATIC_IMAGES: Readonly<Record<BaseKind, string>> = {
  scratch: 'scratch',
  distroless: 'gcr.io/distroless/static-debian12:nonroot',
  alpine: 'alpine:3.22',
  debian: 'debian:bookworm-slim',
};
/** Has a C library, of the same Debian as the stage that builds. */
const DYNAMIC_DISTROLESS = 'gcr.io/distroless/base-debian12:nonroot';
/** C code that is known to work when linked statically. */
const LINKS_STATICALLY = /sqlite/;
/** Images that have certificates of authorities. */
const HAS_CERTIFICATES: readonly BaseKind[] = ['distroless', 'alpine'];
/** Where the program is started, so that relative paths are found. */
export const WORK_DIR = '/srv';
const MOST_PORTS = 4;

/** @throws KnownError USAGE when the base cannot hold the program. */
export function planProgram(module: GoModule, program: GoProgram, wanted: BaseKind | undefined): PlannedProgram {
  const usesCgo = program.cgo.length > 0;
  const base = wanted ?? (usesCgo ? 'distroless' : 'scratch');
  const isStaticCgo = usesCgo && (base === 'scratch' || base === 'alpine');
  if (isStaticCgo) assertLinksStatically(program, base);
  const name = nameOf(program.binary);
  const { check, why } = planHealthCheck(program, base, `/usr/local/bin/${name}`);
  const plan: ProgramPlan = {
    program,
    name,
    package: program.dir === '' ? '.' : `./${program.dir}`,
    usesCgo,
    isStaticCgo,
    tags: [
      ...(isStaticCgo ? ['netgo', 'osusergo', 'sqlite_omit_load_extension'] : []),
      ...(needsZones(program) && base !== 'distroless' ? ['timetzdata'] : []),
    ],
    base,
    baseImage: usesCgo && base === 'distroless' ? DYNAMIC_DISTROLESS : STATIC_IMAGES[base],
    copiesCertificates: program.tlsClients.length > 0 && !HAS_CERTIFICATES.includes(base),
    files: runtimeFiles(module, program),
    ports: program.ports
      .slice(0, MOST_PORTS)
      .map(({ port, network }) => (network === 'udp' ? `${port}/udp` : `${port}`)),
    healthCheck: check,
    noHealthCheck: why,
    stopSignal: stopSignal(program),
    variables: program.versionVariables.map(({ symbol, role }) => ({ symbol, argument: ARGUMENTS[role] })),
  };
  return { plan, decisions: decisionsOf(plan, wanted), warnings: warningsOf(program) };
}

const ARGUMENTS: Readonly<Record<VersionVariable['role'], 'VERSION' | 'REVISION' | 'CREATED'>> = {
  version: 'VERSION',
  commit: 'REVISION',
  date: 'CREATED',
};

/** As targets, services and images may be named. */
function nameOf(binary: string): string {
  return (
    binary
      .toLowerCase()
      .replace(/[^a-z0-9._-]+/g, '-')
      .replace(/^[^a-z]+/, '')
      .replace(/[^a-z0-9]+$/, '') || 'app'
  );
}

function assertLinksStatically({ cgo }: GoProgram, base: BaseKind): void {
  const other = cgo.find(({ name }) => !LINKS_STATICALLY.test(name));
  if (!other) return;
  throw new KnownError(
    'USAGE',
    `--base ${base} has no C library that ${other.name} could use (${other.at.path}:${other.at.line}).`,
    {
      hint: 'Take --base distroless or debian.',
      exitCode: 2,
    },
  );
}

function needsZones({ timeZones, embedsTimeZones }: GoProgram): boolean {
  return timeZones.length > 0 && !embedsTimeZones;
}

function runtimeFiles(module: GoModule, { opened, dir }: GoProgram): ProgramPlan['files'] {
  const moduleDir =
    module.modules.findLast((root) => root.dir === '' || dir === root.dir || dir.startsWith(`${root.dir}/`))?.dir ?? '';
  const found = opened.flatMap(({ found }) => (found && isShipped(found.path) ? [found] : []));
  const outermost = found.filter(
    ({ path }) => !found.some((other) => other.path !== path && path.startsWith(`${other.path}/`)),
  );
  const seen = new Map(
    outermost.map(({ path, type }) => {
      const below = [moduleDir, dir].find((start) => start !== '' && path.startsWith(`${start}/`));
      const destination = posix.join(WORK_DIR, below === undefined ? path : path.slice(below.length + 1));
      return [path, { path, destination, isDirectory: type === 'directory' }];
    }),
  );
  return [...seen.values()];
}

/** Sources, tests, secrets and what belongs to the project are not the program's own. */
function isShipped(path: string): boolean {
  return !/(?:^|\/)(?:\.env(?:\..*)?|\.git|testdata|vendor|node_modules|go\.(?:mod|sum|work)|Dockerfile|Makefile|.*\.go|.*\.(?:pem|key))$/.test(
    path,
  );
}

/** Only for programs that clean up on SIGINT and not on SIGTERM, which containers get. */
function stopSignal({ signals }: GoProgram): string | undefined {
  const names = signals.map(({ value }) => value);
  return names.includes('SIGINT') && !names.includes('SIGTERM') && !names.includes('all') ? 'SIGINT' : undefined;
}

function decisionsOf(plan: ProgramPlan, wanted: BaseKind | undefined): readonly Decision[] {
  const { program } = plan;
  const [cgo] = program.cgo;
  const [client] = program.tlsClients;
  const [zone] = program.timeZones;
  const [port] = program.ports;
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

function warningsOf({ embeds, ports, signals, opened }: GoProgram): readonly Decision[] {
  const missing = embeds
    .filter(({ files }) => files.length === 0)
    .map(({ pattern, at }) => ({
      what: `Nothing matches "${pattern}"`,
      why: 'it is embedded, so the build needs it: make it before, outside or in a stage of its own',
      at,
    }));
  const waits = ports.length === 0 || signals.length > 0;
  const graceless: Decision[] = waits
    ? []
    : [
        {
          what: 'SIGTERM ends it at once',
          why: 'nothing waits for signals: requests in flight are cut off',
          at: ports[0]?.at,
        },
      ];
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
  return [...missing, ...graceless, ...environment];
}
