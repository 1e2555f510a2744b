import { readFileSync } from 'node:fs';
import { systemErrorCode } from '../diagnostics/known-error.ts';

/** Whose ids this process may give to files and processes. */
export interface UserNamespace {
  /** `root`: the machine's own root. `subids`: root of a namespace with a range of ids. `single`: with one id only. */
  readonly kind: 'root' | 'subids' | 'single' | 'none';
  readonly uidCount: number;
  readonly gidCount: number;
}

/** The kind of user namespace this process is in. Cheap: reads two files of /proc. */
export function userNamespace(): UserNamespace {
  const [uidCount, gidCount] = [mappedIds('uid_map'), mappedIds('gid_map')];
  if (process.getuid?.() !== 0) return { kind: 'none', uidCount: 1, gidCount: 1 };
  // The initial namespace maps all ids, 2^32 - 1 of them.
  if (uidCount >= 0xffffffff) return { kind: 'root', uidCount, gidCount };
  return { kind: uidCount > 1 ? 'subids' : 'single', uidCount, gidCount };
}

function mappedIds(file: 'uid_map' | 'gid_map'): number {
  try {
    const lines = readFileSync(`/proc/self/${file}`, 'latin1').trim().split('\n');
    return lines.reduce((sum, line) => sum + Number(line.trim().split(/\s+/)[2] ?? 0), 0);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return 0xffffffff;
    throw error;
  }
}
