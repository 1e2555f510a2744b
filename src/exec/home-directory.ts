import { readFileSync, statSync } from 'node:fs';
import type { ExecSpec } from './executor.ts';
import { LayeredRoot } from './layered-root.ts';

const MAX_PASSWD_BYTES = 16 * 1024 * 1024;

/** The environment with HOME, which the root's own passwd file tells when the image says nothing; `/` when it has no such user. */
export function withHome(spec: ExecSpec): readonly string[] {
  if (spec.env.some((setting) => setting.startsWith('HOME='))) return spec.env;
  return [...spec.env, `HOME=${homeOf(spec)}`];
}

function homeOf({ root, user }: ExecSpec): string {
  const { hostPath, stat } = LayeredRoot.of(root).locate('/etc/passwd');
  if (hostPath === undefined || !stat?.isFile() || statSync(hostPath).size > MAX_PASSWD_BYTES) return '/';
  for (const line of readFileSync(hostPath, 'utf8').split('\n')) {
    const [, , uid, , , home] = line.split(':');
    if (uid === String(user.uid) && home) return home;
  }
  return '/';
}
