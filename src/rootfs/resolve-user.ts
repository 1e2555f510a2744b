/**
 * Whom USER and --chown name, by the root's own passwd and group. The two follow different rules in BuildKit, and both
 * are kept: USER 500 belongs to group 0 and must exist when it is a name; --chown=500 belongs to group 500, and a name that
 * does not exist is root (which the caller should tell people).
 */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import type { FileTree } from '../context/file-tree.ts';
import { resolvePath } from '../context/resolve-path.ts';
import { KnownError } from '../diagnostics/known-error.ts';
import { stripControl } from '../diagnostics/redact.ts';
import { nearest } from '../diagnostics/suggest.ts';

export interface ResolvedUser {
  readonly uid: number;
  readonly gid: number;
  /** Groups of the user beside `gid`, in the order of /etc/group; empty when a group was named. */
  readonly additionalGids: readonly number[];
}

export interface ResolvedOwner {
  readonly uid: number;
  readonly gid: number;
  /** Names that the root does not know, which therefore mean root. */
  readonly unknownNames: readonly string[];
}

interface PasswdEntry {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

interface GroupEntry {
  readonly name: string;
  readonly gid: number;
  readonly members: readonly string[];
}

const MAX_FILE_BYTES = 10 << 20;
const MAX_ID = 2 ** 31 - 1;

/**
 * `name[:group]` of USER, names or numbers; '' is root. A number is a uid even when somebody has that name.
 * @throws KnownError USER_UNKNOWN for a name that the root does not have and a number that is out of range.
 */
export function resolveUser(view: FileTree, user: string): ResolvedUser {
  const [userArg = '', groupArg = ''] = splitUser(user === '' ? '0' : user);
  const [uidGiven, gidGiven] = [rootOrNumber(userArg), rootOrNumber(groupArg)];
  if (uidGiven !== undefined && gidGiven !== undefined) return { uid: uidGiven, gid: gidGiven, additionalGids: [] };
  const uidArg = parseId(userArg, user);
  const users = readPasswd(view);
  const matches = (each: PasswdEntry) => (uidArg === undefined ? each.name === userArg : each.uid === uidArg);
  const found = userArg === '' ? users.find((each) => each.uid === 0) : users.find(matches);
  if (!found && userArg !== '' && uidArg === undefined) throw unknown(view, 'user', userArg, users);
  const uid = found?.uid ?? uidArg ?? 0;
  if (groupArg !== '') return { uid, gid: resolveGroup(view, groupArg, user), additionalGids: [] };
  const groups = found ? readGroups(view).filter((group) => group.members.includes(found.name)) : [];
  return { uid, gid: found?.gid ?? 0, additionalGids: groups.map((group) => group.gid) };
}

/**
 * `name[:group]` of --chown (and of the directories that WORKDIR makes for a USER). A single number is also the
 * group; a name brings its own group along; an empty half is root.
 */
export function resolveOwner(view: FileTree, owner: string): ResolvedOwner {
  const [userArg = '', groupArg] = splitUser(owner);
  const unknownNames: string[] = [];
  const lookUp = <T extends { name: string }>(name: string, entries: () => readonly T[]): T | undefined => {
    const found = entries().find((each) => each.name === name);
    if (!found) unknownNames.push(name);
    return found;
  };
  const uidArg = ownerId(userArg);
  const user =
    uidArg === undefined ? lookUp(userArg, () => readPasswd(view)) : { uid: uidArg, gid: uidArg, name: userArg };
  const uid = user?.uid ?? 0;
  if (groupArg === undefined) return { uid, gid: user?.gid ?? 0, unknownNames };
  const gidArg = ownerId(groupArg);
  const gid = gidArg ?? lookUp(groupArg, () => readGroups(view))?.gid ?? user?.gid ?? 0;
  return { uid, gid, unknownNames };
}

/** Home folder of a uid by the root's passwd; `/` for one that is not in it, as runtimes set HOME. */
export function homeDirectory(view: FileTree, uid: number): string {
  const entry = readLines(view, 'etc/passwd')
    .map((line) => line.split(':'))
    .find((fields) => lenientNumber(fields[2] ?? '') === uid);
  return entry?.[5] || '/';
}

function splitUser(user: string): [string, string?] {
  const colon = user.indexOf(':');
  return colon < 0 ? [user] : [user.slice(0, colon), user.slice(colon + 1)];
}

/** The name root needs no passwd when both halves are known without one. */
function rootOrNumber(text: string): number | undefined {
  if (text === 'root') return 0;
  return /^\d+$/.test(text) && Number(text) < 2 ** 32 ? Number(text) : undefined;
}

function parseId(text: string, user: string): number | undefined {
  if (!/^[+-]?\d+$/.test(text)) return undefined;
  const id = Number(text);
  if (id >= 0 && id <= MAX_ID) return id;
  throw new KnownError('USER_UNKNOWN', `The user "${stripControl(user)}" has an id outside 0 to ${MAX_ID}.`, {
    hint: 'Use an id that Linux knows, or a name from /etc/passwd.',
  });
}

/** undefined for a name, and for a number that is none for the reference. An empty half is root. */
function ownerId(text: string): number | undefined {
  if (text === 'root' || text === '') return 0;
  return /^[+]?\d+$/.test(text) && Number(text) <= MAX_ID ? Number(text) : undefined;
}

function resolveGroup(view: FileTree, group: string, user: string): number {
  const gidArg = parseId(group, user);
  if (gidArg !== undefined) return gidArg;
  const groups = readGroups(view);
  const found = groups.find((each) => each.name === group);
  if (!found) throw unknown(view, 'group', group, groups);
  return found.gid;
}

function unknown(view: FileTree, kind: 'user' | 'group', name: string, known: readonly { name: string }[]): KnownError {
  const near = nearest(
    name,
    known.map((each) => each.name),
  );
  const file = kind === 'user' ? '/etc/passwd' : '/etc/group';
  const add = kind === 'user' ? 'adduser or useradd' : 'addgroup or groupadd';
  return new KnownError(
    'USER_UNKNOWN',
    `The ${kind} "${stripControl(name)}" is not in ${file} of ${stripControl(view.name)}.`,
    {
      hint: near
        ? `Did you mean "${stripControl(near)}"?`
        : `Add it in an earlier step (${add}), or use a number, which needs no entry.`,
    },
  );
}

function readPasswd(view: FileTree): PasswdEntry[] {
  return readLines(view, 'etc/passwd').map((line) => {
    const [name = '', , uid = '', gid = ''] = line.split(':');
    return { name, uid: lenientNumber(uid), gid: lenientNumber(gid) };
  });
}

function readGroups(view: FileTree): GroupEntry[] {
  return readLines(view, 'etc/group').map((line) => {
    const [name = '', , gid = '', members = ''] = line.split(':');
    return { name, gid: lenientNumber(gid), members: members.split(',') };
  });
}

/** As the reference reads these files: what is no number is 0. */
function lenientNumber(text: string): number {
  return /^[+-]?\d+$/.test(text) ? Number(text) : 0;
}

/** Lines of a regular file in the root, symlinks followed inside it; none when there is no such file. */
function readLines(view: FileTree, path: string): string[] {
  const { entry } = resolvePath(view, path);
  if (!entry) return [];
  if (entry.type !== 'file' || entry.size > MAX_FILE_BYTES) {
    throw new KnownError(
      'USER_UNKNOWN',
      `/${path} of ${stripControl(view.name)} cannot be read: it is no regular file of at most 10 MiB.`,
      {
        hint: 'Use numbers for user and group, which need no such file.',
      },
    );
  }
  const lines = readBounded(entry.hostPath).split('\n');
  return lines.map((line) => line.trim()).filter((line) => line !== '');
}

function readBounded(hostPath: string): string {
  const fd = openSync(hostPath, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const bytes = Buffer.alloc(Math.min(fstatSync(fd).size, MAX_FILE_BYTES));
    return bytes.toString('utf8', 0, readSync(fd, bytes));
  } finally {
    closeSync(fd);
  }
}
