import { readFileSync } from 'node:fs';
import { KnownError, systemErrorCode } from '../diagnostics/known-error.ts';
import type { ExecUser } from './executor.ts';

/** Whose ids this process may give to files and processes. */
export interface UserNamespace {
  /**
   * `root`: the machine's own root. `subids`: root of a namespace with a range of ids. `single`: root of a namespace
   * with one id. `none`: an ordinary user who has not entered a namespace (see enterUserNamespace).
   */
  readonly kind: 'root' | 'subids' | 'single' | 'none';
  readonly uidCount: number;
  readonly gidCount: number;
}

/** 2^32 - 1: the initial namespace has them all. */
const ALL_IDS = 0xffffffff;

/** The kind of user namespace this process is in. Cheap: it reads two files of /proc. */
export function userNamespace(): UserNamespace {
  const [uidCount, gidCount] = [mappedIds('uid_map'), mappedIds('gid_map')];
  if (process.getuid?.() !== 0) return { kind: 'none', uidCount: 1, gidCount: 1 };
  if (uidCount >= ALL_IDS) return { kind: 'root', uidCount, gidCount };
  return { kind: uidCount > 1 ? 'subids' : 'single', uidCount, gidCount };
}

function mappedIds(file: 'uid_map' | 'gid_map'): number {
  const lines = readProc(`/proc/self/${file}`)?.trim().split('\n');
  return lines?.reduce((sum, line) => sum + Number(line.trim().split(/\s+/)[2] ?? 0), 0) ?? ALL_IDS;
}

/** undefined where the kernel has no such file. */
export function readProc(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Refuses a user whose ids this process cannot give to another one.
 * @throws KnownError SANDBOX_NO_SUBUID with the remedy.
 */
export function requireIds(user: ExecUser, { kind, uidCount, gidCount }: UserNamespace): void {
  if (user.uid < uidCount && [user.gid, ...user.additionalGids].every((gid) => gid < gidCount)) return;
  const wanted = `The process runs as user ${user.uid}:${[user.gid, ...user.additionalGids].join(',')}`;
  if (kind === 'subids') {
    throw new KnownError('SANDBOX_NO_SUBUID', `${wanted}, and your range of subordinate ids ends at ${uidCount - 1}.`, {
      hint: 'Give your user a longer range in /etc/subuid and /etc/subgid.',
    });
  }
  throw new KnownError('SANDBOX_NO_SUBUID', `${wanted}, and your user has one id only, without subordinate ids.`, {
    hint: subordinateIdsRemedy(),
  });
}

/** What gives this user subordinate ids. */
export function subordinateIdsRemedy(): string {
  // Within a namespace everybody is root; the environment still knows the name.
  const user = process.env['USER'] ?? process.env['LOGNAME'] ?? 'NAME';
  return (
    'Install the package uidmap, then as root: ' +
    `usermod --add-subuids 100000-165535 --add-subgids 100000-165535 ${user}`
  );
}
