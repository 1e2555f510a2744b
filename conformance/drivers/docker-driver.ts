import { join } from 'node:path';
import type { BuildRequest, Driver, DriverOptions } from './driver.ts';
import { runProgram } from './run-program.ts';

/** `docker buildx build` of the lab: BuildKit, whose answers are the expectations. */
export function createDockerDriver({ peer, workDir }: DriverOptions): Driver {
  return {
    name: 'docker',
    hasLines: true,
    hasHistory: true,
    // Equal steps of builds at once become one, and files then have the times of another case.
    parallelism: 1,
    async version() {
      const { succeeded, output } = await runProgram([peer, 'docker', 'version', '-f', '{{.Server.Version}}'], {
        cwd: workDir,
      });
      if (!succeeded) throw new Error(`docker does not answer: ${output}`);
      const buildx = await runProgram([peer, 'docker', 'buildx', 'version'], { cwd: workDir });
      return `BuildKit of docker ${output.trim()} with buildx ${buildx.output.split(' ')[1]}`;
    },
    async build(request) {
      const { dir: cwd, stdin } = request;
      const reply = await runProgram([peer, ...dockerArgv(request, ['-o', `type=oci,dest=${request.dest}`])], {
        cwd,
        stdin,
      });
      // Builds of one Dockerfile at once share its findings, and only one of them prints them.
      const check = await runProgram([peer, ...dockerArgv(request, ['--call=check,format=json'])], { cwd, stdin });
      return { ...reply, warnings: findings(check.output) };
    },
  };
}

/**
 * The context's path is absolute, as BuildKit keeps what it was sent by that path and then takes a file of the same size
 * and time for the same file: contexts of one relative name would mix.
 */
function dockerArgv({ dir, args, env, context, isLocal, bases }: BuildRequest, result: readonly string[]): string[] {
  return [
    'env',
    ...Object.entries(env).map(([name, value]) => `${name}=${value}`),
    ...['docker', 'buildx', 'build', '--progress', 'plain', '--provenance=false'],
    // The two exclude each other.
    ...(args.includes('--no-cache-filter') ? [] : ['--no-cache']),
    ...bases.flatMap(({ name, reference }) => ['--build-context', `${name}=docker-image://${reference}`]),
    ...result,
    ...args,
    isLocal ? join(dir, context) : context,
  ];
}

interface CheckReply {
  readonly warnings?: readonly Finding[] | null;
}

interface Finding {
  readonly ruleName: string;
  readonly location?: { readonly ranges?: readonly { readonly start: { readonly line: number } }[] };
}

function findings(output: string): string[] {
  const json = output.slice(output.search(/^\{$/m), output.search(/^\}$/m) + 1);
  if (json === '') return [];
  const { warnings } = JSON.parse(json) as CheckReply;
  const lines = (warnings ?? []).map(({ ruleName, location }) => `${ruleName}:${location?.ranges?.[0]?.start.line}`);
  return [...new Set(lines)].sort();
}
