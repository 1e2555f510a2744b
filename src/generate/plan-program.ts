import { posix } from 'node:path';
import { KnownError } from '../diagnostics/known-error.ts';
import type { GoModule, GoProgram, VersionVariable } from '../golang/module/go-module.ts';
import type { BaseKind, Decision, ProgramPlan } from './image-plan.ts';
import { planHealthCheck } from './plan-health-check.ts';
import { planPorts } from './plan-ports.ts';
import { programDecisions, programWarnings } from './program-decisions.ts';

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
/** For what asks the C library for names and users, and loads extensions by it. */
export const STATIC_TAGS: readonly string[] = ['netgo', 'osusergo', 'sqlite_omit_load_extension'];
/** Images that have certificates of authorities. */
const HAS_CERTIFICATES: readonly BaseKind[] = ['distroless', 'alpine'];
/** Where the program is started, so that relative paths are found. */
export const WORK_DIR = '/srv';

/** `name` is that of its binary, target and service. @throws KnownError USAGE when the base cannot hold the program. */
export function planProgram(
  module: GoModule,
  { program, name }: { readonly program: GoProgram; readonly name: string },
  wanted: BaseKind | undefined,
): PlannedProgram {
  const usesCgo = program.cgo.length > 0;
  const base = wanted ?? (usesCgo ? 'distroless' : 'scratch');
  const isStaticCgo = usesCgo && (base === 'scratch' || base === 'alpine');
  if (isStaticCgo) assertLinksStatically(program, base);
  const { ports, command, port } = planPorts(program);
  const { check, why } = planHealthCheck(program, { base, path: `/usr/local/bin/${name}`, port });
  const plan: ProgramPlan = {
    program,
    name,
    package: program.dir === '' ? '.' : `./${program.dir}`,
    usesCgo,
    isStaticCgo,
    tags: [
      ...module.tags,
      ...(isStaticCgo ? STATIC_TAGS : []),
      ...(needsZones(program) && base !== 'distroless' ? ['timetzdata'] : []),
    ],
    base,
    baseImage: usesCgo && base === 'distroless' ? DYNAMIC_DISTROLESS : STATIC_IMAGES[base],
    copiesCertificates: program.tlsClients.length > 0 && !HAS_CERTIFICATES.includes(base),
    files: runtimeFiles(module, program),
    ports,
    healthCheck: check,
    noHealthCheck: why,
    stopSignal: stopSignal(program),
    command,
    variables: program.versionVariables.map(({ symbol, role }) => ({ symbol, argument: ARGUMENTS[role] })),
  };
  return { plan, decisions: programDecisions(plan, wanted), warnings: programWarnings(program) };
}

const ARGUMENTS: Readonly<Record<VersionVariable['role'], 'VERSION' | 'REVISION' | 'CREATED'>> = {
  version: 'VERSION',
  commit: 'REVISION',
  date: 'CREATED',
};

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
  // Where it is started is no data of its own, although it may look around there.
  const isStart = (path: string) => ['', '.', moduleDir, dir].includes(path);
  const found = opened.flatMap(({ found }) => (found && !isStart(found.path) && isShipped(found.path) ? [found] : []));
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
