import type { BuildRequest, Driver, DriverOptions } from './driver.ts';
import { runProgram } from './run-program.ts';

/** `buildah build` of the lab, for comparison. It writes its own history and names no lines. */
export function createBuildahDriver({ peer, workDir }: DriverOptions): Driver {
  return {
    name: 'buildah',
    hasLines: false,
    hasHistory: false,
    parallelism: 2,
    async version() {
      const { succeeded, output } = await runProgram([peer, 'buildah', '--version'], { cwd: workDir });
      if (!succeeded) throw new Error(`buildah does not answer: ${output}`);
      return output.trim().replace(/^buildah version (\S+).*$/, 'buildah $1');
    },
    async build(request) {
      const name = `oci-archive:${request.dest}`;
      const built = await runProgram([peer, ...buildahArgv(request), '-t', name, request.context], {
        cwd: request.dir,
        stdin: request.stdin,
      });
      return built;
    },
  };
}

function buildahArgv({ args, env, bases }: BuildRequest): string[] {
  return [
    'env',
    ...Object.entries(env).map(([name, value]) => `${name}=${value}`),
    ...['buildah', 'build', '--layers', '--no-cache', '--tls-verify=false'],
    ...bases.flatMap(({ name, reference }) => ['--build-context', `${name}=docker-image://${reference}`]),
    ...args,
  ];
}
