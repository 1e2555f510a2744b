import type { ImagePlan, ProgramPlan } from './image-plan.ts';
import { STATIC_TAGS } from './plan-program.ts';

/** Pinned: tools that change under a team are no help to it. */
const AIR = 'github.com/air-verse/air@v1.67.4';
const DELVE = 'github.com/go-delve/delve/cmd/dlv@v1.27.2';
const DEBUG_PORT = 2345;

/** The Dockerfile of a stage to work in: sources are mounted, built again when they change, and run under a debugger. */
export function writeDevDockerfile(plan: ImagePlan): string {
  const program = plan.programs.at(-1);
  if (!program) throw new Error('a plan has programs');
  return `${[
    `# For work on the sources, with hot reload and a debugger: docker compose -f compose.dev.yaml up --build`,
    `FROM ${plan.builderImage}
# The tools may want a newer Go than the program.
RUN --mount=type=cache,target=/go/pkg/mod \\
    --mount=type=cache,target=/root/.cache/go-build \\
    GOTOOLCHAIN=auto GOBIN=/usr/local/bin go install ${AIR} && \\
    GOTOOLCHAIN=auto GOBIN=/usr/local/bin go install ${DELVE} && \\
    install -d -o 65532 -g 65532 /cache /cache/mod /cache/build`,
    `ENV HOME=/cache GOMODCACHE=/cache/mod GOCACHE=/cache/build${plan.privateModules ? ` GOPRIVATE=${plan.privateModules.patterns.join(',')}` : ''}
WORKDIR /src`,
    `USER 65532:65532
EXPOSE ${[...program.ports, String(DEBUG_PORT)].join(' ')}
# None: the program stops whenever its sources change.
HEALTHCHECK NONE
ENTRYPOINT ["air"]
CMD ${JSON.stringify(airArguments(program)).replaceAll('","', '", "')}`,
  ].join('\n\n')}\n`;
}

/** The compose file beside it: sources are mounted read-only, caches are kept. */
export function writeDevCompose(plan: ImagePlan): string {
  const program = plan.programs.at(-1);
  if (!program) throw new Error('a plan has programs');
  const ports = [...program.ports, String(DEBUG_PORT)].map((port) => {
    const number = Number.parseInt(port, 10);
    return `      - "127.0.0.1:${number < 1024 ? number + 8000 : number}:${port}"`;
  });
  return `services:
  ${program.name}-dev:
    build:
      context: .
      dockerfile: Dockerfile.dev
    ports:
${ports.join('\n')}
    volumes:
      - .:/src:ro
      - go-cache:/cache
    # What a debugger needs to look into another process.
    cap_add:
      - SYS_PTRACE
    security_opt:
      - no-new-privileges:true

volumes:
  go-cache:
`;
}

function airArguments({ package: path, usesCgo, tags, command }: ProgramPlan): readonly string[] {
  const options = tags.filter((tag) => !STATIC_TAGS.includes(tag));
  const list = options.length > 0 ? ` -tags ${options.join(',')}` : '';
  // The mounted repository is somebody else's, of which git says nothing.
  const build = `${usesCgo ? '' : 'CGO_ENABLED=0 '}go build -buildvcs=false -gcflags='all=-N -l'${list} -o /tmp/app/main ${path}`;
  const started = ['/tmp/app/main', ...(command.length > 0 ? ['--', ...command] : [])].join(' ');
  const debug = `dlv exec --headless --listen=:${DEBUG_PORT} --api-version=2 --accept-multiclient --continue ${started}`;
  return ['--tmp_dir', '/tmp/app', '--build.cmd', build, '--build.full_bin', debug, '--build.send_interrupt', 'true'];
}
