import { DOCKER_HUB, parseReference } from '../../image/reference.ts';
import { usageError } from './csv-fields.ts';

/** The registry that a login is for: a host with or without port; a scheme and a path are cut off, as docker does. */
export function registryHost(argument: string): string {
  const host = argument.replace(/^https?:\/\//, '').replace(/\/.*$/, '');
  if (['index.docker.io', 'registry-1.docker.io', ''].includes(host)) return DOCKER_HUB;
  const isHost = host === 'localhost' || /[.:]/.test(host);
  if (isHost && parseReference(`${host}/x`).registry === host) return host;
  throw usageError(`"${argument}" is not the host of a registry.`, 'Write it as registry.example or localhost:5000.');
}
