import { readFileSync } from 'node:fs';

/** What this process may do to files, in its own user namespace. */
export interface Privileges {
  readonly uid: number;
  readonly gid: number;
  /** Whether a file can be given this owner on disk. */
  canOwn(uid: number, gid: number): boolean;
  /** Whether permission bits stop it (CAP_DAC_OVERRIDE is missing). */
  readonly obeysModes: boolean;
}

const CAP_CHOWN = 0n;
const CAP_DAC_OVERRIDE = 1n;

export function currentPrivileges(): Privileges {
  const capabilities = effectiveCapabilities();
  const has = (capability: bigint) => ((capabilities >> capability) & 1n) === 1n;
  const [uid, gid] = [process.geteuid?.() ?? 0, process.getegid?.() ?? 0];
  const uids = has(CAP_CHOWN) ? readIdMap('/proc/self/uid_map') : [{ first: uid, count: 1 }];
  const gids = has(CAP_CHOWN) ? readIdMap('/proc/self/gid_map') : [{ first: gid, count: 1 }];
  return {
    uid,
    gid,
    canOwn: (wantedUid, wantedGid) => inRanges(uids, wantedUid) && inRanges(gids, wantedGid),
    obeysModes: !has(CAP_DAC_OVERRIDE),
  };
}

interface IdRange {
  readonly first: number;
  readonly count: number;
}

function inRanges(ranges: readonly IdRange[], id: number): boolean {
  return ranges.some(({ first, count }) => id >= first && id < first + count);
}

/** Ids that mean something here: the first column of user_namespaces(7)'s map. */
function readIdMap(path: string): IdRange[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .flatMap(([first, , count]) => (first !== undefined && count !== undefined ? [{ first, count }] : []));
}

function effectiveCapabilities(): bigint {
  const hex = /^CapEff:\s*([0-9a-f]+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  return BigInt(`0x${hex ?? '0'}`);
}
