import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { BuildRequest, Driver, DriverOptions } from './driver.ts';
import { runProgram } from './run-program.ts';

/** This project's own command, with a store that all cases of a run share. */
export function createSlipwayDriver(options: DriverOptions): Driver {
  const { user, slipway, workDir, cores } = options;
  const store = join(workDir, `store-${options.isolation ?? 'auto'}-${user ?? 'self'}`);
  const prefix = user === undefined ? [] : asUser(user, store);
  const program = [...prefix, process.execPath, slipway];
  return {
    name: 'slipway',
    hasLines: true,
    hasHistory: true,
    parallelism: cores,
    async version() {
      const { succeeded, output } = await runProgram([...program, '--version'], { cwd: workDir });
      if (!succeeded) throw new Error(`slipway does not run: ${output}`);
      const how = [options.isolation && `--isolation ${options.isolation}`, user && `as ${user}`].filter(Boolean);
      return `Slipway ${output.trim().replace(/^slipway\s*/, '')}${how.map((text) => `, ${text}`).join('')}`;
    },
    build: (request) =>
      runProgram([...program, ...slipwayArgv(request, store, options)], {
        cwd: request.dir,
        stdin: request.stdin,
        env: { ...process.env, SOURCE_DATE_EPOCH: undefined, ...request.env, NO_COLOR: '1' },
      }),
  };
}

function asUser(user: string, store: string): string[] {
  const uid = execFileSync('id', ['-u', user]).toString().trim();
  mkdirSync(store, { recursive: true });
  execFileSync('chown', ['-R', user, store]);
  const home = execFileSync('getent', ['passwd', user]).toString().split(':')[5] ?? '/';
  return ['setpriv', '--reuid', uid, '--regid', uid, '--init-groups', 'env', `HOME=${home}`, `USER=${user}`];
}

function slipwayArgv(
  { args, context, bases, output }: BuildRequest,
  store: string,
  { isolation }: DriverOptions,
): string[] {
  return [
    ...['build', '--root', store, '--progress', 'plain', '--no-go-cache'],
    // A hit of another case would have that case's times: they are no part of a key.
    ...(args.includes('--no-cache-filter') ? [] : ['--no-cache']),
    ...(isolation === undefined ? [] : ['--isolation', isolation]),
    ...bases.flatMap(({ name, reference }) => ['--build-context', `${name}=docker-image://${reference}`]),
    ...output,
    ...args,
    context,
  ];
}
