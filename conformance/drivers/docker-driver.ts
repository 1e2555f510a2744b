import { join } from 'node:path';
import type { BuildRequest, Driver, DriverOptions } from './driver.ts';
import { runProgram } from './run-program.ts';

/** `docker buildx build` of the lab: BuildKit, whose answers are the expectations. */
export function createDockerDriver({ peer, workDir, labs }: DriverOptions): Driver {
  return {
    name: 'docker',
    hasLines: true,
    hasHistory: true,
    // Equal steps of builds at once become one, and files then have the times of another case; of findings that they
    // share, only one prints each.
    parallelism: 1,
    async version() {
      const { succeeded, output } = await runProgram([peer, 'docker', 'version', '-f', '{{.Server.Version}}'], {
        cwd: workDir,
      });
      if (!succeeded) throw new Error(`docker does not answer: ${output}`);
      const buildx = await runProgram([peer, 'docker', 'buildx', 'version'], { cwd: workDir });
      return `BuildKit of docker ${output.trim()} with buildx ${buildx.output.split(' ')[1]}`;
    },
    build: (request) => runProgram([peer, ...dockerArgv(request, labs)], { cwd: request.dir, stdin: request.stdin }),
  };
}

/**
 * The context's path is absolute, as BuildKit keeps what it was sent by that path and then takes a file of the same size
 * and time for the same file: contexts of one relative name would mix.
 */
function dockerArgv(request: BuildRequest, labs: string): string[] {
  const { dir, args, env, context, isLocal, bases, output, isLabs } = request;
  return [
    'env',
    // Its builder's name is a part of what BuildKit keeps contexts by: a name of its own, and no two cases mix.
    `BUILDX_CONFIG=${join(dir, 'buildx')}`,
    ...Object.entries(env).map(([name, value]) => `${name}=${value}`),
    ...['docker', 'buildx', 'build', '--progress', 'plain', '--provenance=false'],
    // The two exclude each other.
    ...(args.includes('--no-cache-filter') ? [] : ['--no-cache']),
    ...bases.flatMap(({ name, reference }) => ['--build-context', `${name}=docker-image://${reference}`]),
    ...(isLabs ? ['--build-arg', `BUILDKIT_SYNTAX=${labs}`] : []),
    ...output,
    ...args,
    isLocal ? join(dir, context) : context,
  ];
}
