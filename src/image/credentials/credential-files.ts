import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '../environment.ts';

/**
 * The files that may hold credentials, in the order they are asked. What the environment names comes first, then
 * docker's file, then podman's. As with docker, DOCKER_CONFIG takes the place of ~/.docker.
 */
export function credentialFiles(env: Environment): string[] {
  const home = env.HOME || homedir();
  const named = [env.DOCKER_CONFIG && join(env.DOCKER_CONFIG, 'config.json'), env.REGISTRY_AUTH_FILE];
  const usual = [
    env.DOCKER_CONFIG ? undefined : join(home, '.docker', 'config.json'),
    env.XDG_RUNTIME_DIR && join(env.XDG_RUNTIME_DIR, 'containers', 'auth.json'),
    join(env.XDG_CONFIG_HOME || join(home, '.config'), 'containers', 'auth.json'),
  ];
  return [...new Set([...named, ...usual])].filter((path): path is string => Boolean(path));
}

/** docker's file, which logins are written to. */
export function dockerConfigFile(env: Environment): string {
  return join(env.DOCKER_CONFIG || join(env.HOME || homedir(), '.docker'), 'config.json');
}
