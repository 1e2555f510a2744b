import type { ImagePlan, ProgramPlan } from './image-plan.ts';
import { WORK_DIR } from './plan-program.ts';
import { privateAccess } from './private-access.ts';

const TARGET = '# slipway ignore=unused-stage Each program is a target.';
export const MODULE_CACHE = '--mount=type=cache,target=/go/pkg/mod';
export const BUILD_CACHE = '--mount=type=cache,target=/root/.cache/go-build';
/** Of no user in any base's passwd but distroless's "nonroot". */
export const USER = '65532:65532';

/** The text of the Dockerfile. Blocks are parted by an empty line, and end with one line break. */
export function writeDockerfile(plan: ImagePlan): string {
  const [only] = plan.programs;
  const isSingle = plan.programs.length === 1;
  const blocks =
    isSingle && only
      ? [
          builder(plan, 'builder'),
          buildStep(plan, only),
          finalStage(plan, only, { builder: 'builder', name: undefined }),
        ]
      : [
          builder(plan, 'sources'),
          ...plan.programs.map((program) =>
            [TARGET, `FROM sources AS build-${program.name}`, ...arguments_(program), ...runBuild(plan, program)].join(
              '\n',
            ),
          ),
          ...plan.programs.map((program) =>
            finalStage(plan, program, { builder: `build-${program.name}`, name: program.name }),
          ),
        ];
  return `${[head(plan), ...blocks].join('\n\n')}\n`;
}

function head(plan: ImagePlan): string {
  const { programs } = plan;
  const [first] = programs;
  const target = programs.length > 1 ? ` --target ${first?.name}` : '';
  const last = programs.at(-1);
  return [
    `# Build: slipway build${privateAccess(plan).buildFlags}${target} -t ${(programs.length > 1 ? first : last)?.name} .`,
    ...(programs.length > 1
      ? [`# Targets: ${programs.map(({ name }) => name).join(', ')}; without --target it is ${last?.name}.`]
      : []),
  ].join('\n');
}

function builder(plan: ImagePlan, name: string): string {
  const usesCgo = plan.programs.some((program) => program.usesCgo);
  const lines = usesCgo
    ? [
        '# C is compiled for the machine that compiles it, so this stage is of the target platform.',
        `FROM ${plan.builderImage} AS ${name}`,
      ]
    : [
        '# Go compiles for other platforms by itself: this stage always runs natively.',
        `FROM --platform=$BUILDPLATFORM ${plan.builderImage} AS ${name}`,
      ];
  lines.push(...privateAccess(plan).setup, 'WORKDIR /src');
  return [lines.join('\n'), modules(plan), sources(plan)].join('\n\n');
}

function modules(plan: ImagePlan): string {
  const copies = copyModuleFiles(plan);
  if (plan.isVendored)
    return ['# Modules are in vendor/: nothing is downloaded.', ...copies, 'COPY vendor/ vendor/'].join('\n');
  if (!needsModules(plan)) return copies.join('\n');
  const mounts = [MODULE_CACHE, ...privateAccess(plan).mounts];
  return ['# As long as these files stay, so do the modules.', ...copies, ...run(mounts, 'go mod download')].join('\n');
}

export function copyModuleFiles({ moduleFiles }: ImagePlan): readonly string[] {
  return moduleFiles.map(
    ({ dir, names }) =>
      `COPY ${names.map((name) => (dir === '' ? name : `${dir}/${name}`)).join(' ')} ${dir === '' ? './' : `${dir}/`}`,
  );
}

/** Whether a build has modules to download. */
export function needsModules({ isVendored, module }: ImagePlan): boolean {
  return !isVendored && module.modules.some(({ file }) => file.requires.length > 0);
}

function sources({ sources: paths }: ImagePlan): string {
  const patterns = paths.filter((path) => path.startsWith('*.'));
  const files = paths.filter((path) => !patterns.includes(path) && path.includes('.'));
  const all = [...patterns, ...files.filter((path) => !isFolder(path))];
  const copies = all.length > 0 ? [`COPY ${all.join(' ')} ./`] : [];
  const folders = paths.filter((path) => !all.includes(path)).map((path) => `COPY ${path}/ ${path}/`);
  return ['# What the programs are built from; a new folder needs a line here.', ...copies, ...folders].join('\n');
}

/** Set by the planner: a name with a dot is a file of the module's root, unless it is a folder with one in its name. */
function isFolder(path: string): boolean {
  return !/\.[a-z0-9]+$/i.test(path);
}

function buildStep(plan: ImagePlan, program: ProgramPlan): string {
  return [...arguments_(program), ...runBuild(plan, program)].join('\n');
}

/** Late, so that another version leaves the layers above as they are. */
function arguments_({ variables, usesCgo }: ProgramPlan): readonly string[] {
  const names = new Set(variables.map(({ argument }) => argument));
  return [
    ...(usesCgo ? [] : ['ARG TARGETOS TARGETARCH']),
    ...[...names].map((name) => `ARG ${name}=${DEFAULTS[name]}`),
  ];
}

const DEFAULTS = { VERSION: 'dev', REVISION: 'unknown', CREATED: 'unknown' } as const;

function runBuild(plan: ImagePlan, program: ProgramPlan): readonly string[] {
  const env = program.usesCgo ? 'CGO_ENABLED=1' : 'CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH';
  const values = program.variables.map(({ symbol, argument }) => `-X ${symbol}=\${${argument}}`);
  const link = ['-s -w', ...values, ...(program.isStaticCgo ? ["-linkmode external -extldflags '-static'"] : [])].join(
    ' ',
  );
  const tags = program.tags.length > 0 ? ` -tags ${program.tags.join(',')}` : '';
  const command = `${env} go build -trimpath${tags} -ldflags="${link}" -o /out/${program.name} ${program.package}`;
  const mounts = [...(plan.isVendored ? [] : [MODULE_CACHE]), BUILD_CACHE, ...privateAccess(plan).mounts];
  return run(mounts, command);
}

/** Lines of a RUN step. */
export function run(mounts: readonly string[], command: string): readonly string[] {
  const [first, ...rest] = mounts;
  if (first === undefined) return [`RUN ${command}`];
  return [`RUN ${first} \\`, ...rest.map((mount) => `    ${mount} \\`), `    ${command}`];
}

interface FinalStage {
  /** The stage that has the binary. */
  readonly builder: string;
  readonly name: string | undefined;
}

function finalStage(plan: ImagePlan, program: ProgramPlan, { builder, name }: FinalStage): string {
  const path = `/usr/local/bin/${program.name}`;
  const copies = [
    ...(program.copiesCertificates
      ? [`COPY --from=${builder} /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/`]
      : []),
    `COPY --from=${builder} /out/${program.name} ${path}`,
    ...(program.files.length > 0 ? [`WORKDIR ${WORK_DIR}`] : []),
    ...program.files.map(({ path, destination, isDirectory }) =>
      isDirectory ? `COPY ${path}/ ${destination}/` : `COPY ${path} ${destination}`,
    ),
  ];
  return [
    [
      ...(name === undefined ? [] : [TARGET]),
      `FROM ${program.baseImage}${name === undefined ? '' : ` AS ${name}`}`,
      ...copies,
    ].join('\n'),
    labels(plan, program),
    runtime(program, path),
  ].join('\n\n');
}

function labels({ repository }: ImagePlan, { name }: ProgramPlan): string {
  const entries = [
    ['title', name],
    ...(repository === undefined ? [] : [['source', repository]]),
    ['version', '${VERSION}'],
    ['revision', '${REVISION}'],
  ] as const;
  const lines = entries.map(
    ([key, value], index) => `${index === 0 ? 'LABEL ' : '      '}org.opencontainers.image.${key}="${value}"`,
  );
  return ['ARG VERSION=dev', 'ARG REVISION=unknown', lines.join(' \\\n')].join('\n');
}

function runtime(program: ProgramPlan, path: string): string {
  const { ports, stopSignal, healthCheck, noHealthCheck, command } = program;
  return [
    '# By number: it needs no passwd file, and an orchestrator sees that it is not root.',
    `USER ${USER}`,
    ...(ports.length > 0 ? [`EXPOSE ${ports.join(' ')}`] : []),
    ...(stopSignal === undefined
      ? []
      : ['# The program waits for this one, and not for SIGTERM.', `STOPSIGNAL ${stopSignal}`]),
    ...(healthCheck === undefined
      ? [`# None: ${noHealthCheck}.`, 'HEALTHCHECK NONE']
      : [`HEALTHCHECK --interval=30s --timeout=3s --start-period=5s --retries=3 \\`, `  CMD ${argv(healthCheck)}`]),
    `ENTRYPOINT ${argv([path])}`,
    ...(command.length === 0
      ? []
      : ['# By default it listens for its own machine only, which is the container.', `CMD ${argv(command)}`]),
  ].join('\n');
}

function argv(words: readonly string[]): string {
  return `[${words.map((word) => JSON.stringify(word)).join(', ')}]`;
}
