import type { ImagePlan, ProgramPlan } from './image-plan.ts';
import { STATIC_TAGS } from './plan-program.ts';
import { privateAccess } from './private-access.ts';
import { composeEnvironment, composePorts, indent } from './write-compose.ts';
import { BUILD_CACHE, copyModuleFiles, MODULE_CACHE, needsModules, run, USER } from './write-dockerfile.ts';

/** Pinned: tools that change under a team are no help to it. */
const TOOLS = ['github.com/air-verse/air@v1.67.4', 'github.com/go-delve/delve/cmd/dlv@v1.27.2'];
const DEBUG_PORT = '2345';

/** The Dockerfile of an image to work in: sources are mounted, built again when they change, and run under a debugger. */
export function writeDevDockerfile(plan: ImagePlan): string {
  const program = defaultProgram(plan);
  return `${[head(plan, program), tools(plan), workStage(plan), start(program)].join('\n\n')}\n`;
}

function head(plan: ImagePlan, { name }: ProgramPlan): string {
  return `# For work on the sources, with hot reload and a debugger: docker compose -f compose.dev.yaml up --build
# Or: slipway build${privateAccess(plan).buildFlags} -f Dockerfile.dev -t ${name}-dev .
#     slipway run -v .:/src:ro -e DEBUG_ADDRESS=127.0.0.1:${DEBUG_PORT} ${name}-dev`;
}

/**
 * A debugger that is killed leaves its program running, with its port. Who debugs is another user than the container's, so
 * the debugger must not ask for the same one.
 */
const START_SCRIPT = `# Starts the program under the debugger, after the one that was running.
COPY --chmod=755 <<'EOF' /usr/local/bin/debug
#!/bin/sh
for process in /proc/[0-9]*; do
  case $(readlink "$process/exe" 2>/dev/null) in
    /tmp/app/main*) kill -9 "\${process#/proc/}" ;;
  esac
done
exec dlv exec --headless --listen="$DEBUG_ADDRESS" --only-same-user=false --api-version=2 \\
  --accept-multiclient --continue /tmp/app/main -- "$@"
EOF`;

/** In a stage of the newest Go, which the tools ask for; the program's may be older. */
function tools({ toolsImage }: ImagePlan): string {
  const steps = TOOLS.flatMap((tool) =>
    run([MODULE_CACHE, BUILD_CACHE], `CGO_ENABLED=0 GOBIN=/out go install ${tool}`),
  );
  return [`FROM ${toolsImage} AS tools`, ...steps].join('\n');
}

function workStage(plan: ImagePlan): string {
  const { privateModules, builderImage } = plan;
  const access = privateAccess(plan);
  const lines = [
    `FROM ${builderImage}`,
    'COPY --from=tools /out/ /usr/local/bin/',
    START_SCRIPT,
    '# For any user (--user), where only their owner may read the sources.',
    'RUN install -d -m 1777 /cache /cache/build /cache/mod',
    'ENV GOCACHE=/cache/build GOMODCACHE=/cache/mod',
    ...(privateModules ? access.setup : []),
    'WORKDIR /src',
  ];
  if (!needsModules(plan)) return lines.join('\n');
  return [
    ...lines,
    '# Here, and not when it starts: then it needs neither a network nor a login.',
    ...copyModuleFiles(plan),
    ...run(access.mounts, 'umask 0 && go mod download'),
  ].join('\n');
}

function start(program: ProgramPlan): string {
  // HOME late: a login for modules is in that of root.
  return `ENV HOME=/cache
USER ${USER}
EXPOSE ${[...program.ports, DEBUG_PORT].join(' ')}
# Who reaches this port may run anything: publish it for your own machine only.
ENV DEBUG_ADDRESS=:${DEBUG_PORT}
# None: the program stops whenever its sources change.
HEALTHCHECK NONE
ENTRYPOINT ["air"]
CMD ${JSON.stringify(airArguments(program)).replaceAll('","', '", "')}`;
}

/** The compose file beside it: sources are mounted read-only, compiled packages are kept. */
export function writeDevCompose(plan: ImagePlan): string {
  const program = defaultProgram(plan);
  const { composeBuild, composeSecrets } = privateAccess(plan);
  return `${[
    'services:',
    ...indent(2, [
      `${program.name}-dev:`,
      ...indent(2, [
        'build:',
        '  context: .',
        '  dockerfile: Dockerfile.dev',
        ...indent(2, composeBuild),
        ...composePorts([...program.ports, DEBUG_PORT]),
        ...composeEnvironment(program),
        'volumes:',
        '  - .:/src:ro',
        '  - go-build:/cache/build',
        '# Debugged programs leave processes behind that somebody has to wait for.',
        'init: true',
        'cap_drop:',
        '  - ALL',
        'security_opt:',
        '  - no-new-privileges:true',
      ]),
    ]),
    '',
    'volumes:',
    '  go-build:',
    ...(composeSecrets.length > 0 ? ['', ...composeSecrets] : []),
  ].join('\n')}\n`;
}

/** The program that a build without --target makes. */
function defaultProgram({ programs }: ImagePlan): ProgramPlan {
  const program = programs.at(-1);
  if (!program) throw new Error('a plan has programs');
  return program;
}

function airArguments({ package: path, usesCgo, tags, command }: ProgramPlan): readonly string[] {
  const options = tags.filter((tag) => !STATIC_TAGS.includes(tag));
  const list = options.length > 0 ? ` -tags ${options.join(',')}` : '';
  // The mounted repository is somebody else's, of which git says nothing.
  const build = `${usesCgo ? '' : 'CGO_ENABLED=0 '}go build -buildvcs=false -gcflags='all=-N -l'${list} -o /tmp/app/main ${path}`;
  return ['--tmp_dir', '/tmp/app', '--build.cmd', build, '--build.full_bin', ['debug', ...command].join(' ')];
}
