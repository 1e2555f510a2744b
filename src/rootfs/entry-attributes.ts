import { chmodSync, lchownSync, lstatSync } from 'node:fs';
import { systemErrorCode } from '../diagnostics/known-error.ts';
import { setMtime } from '../system/mtime.ts';
import { setXattr } from '../system/xattr.ts';
import type { OwnerOverride } from './owner-table.ts';
import { currentPrivileges, type Privileges } from './privileges.ts';
import type { WritableDifference } from './snapshot.ts';

/** What an entry should be like in the image. */
export interface Attributes {
  readonly uid: number;
  readonly gid: number;
  /** Permission bits with setuid, setgid and sticky; those of a symlink count for nothing. */
  readonly mode: number;
  /** Left as the kernel set it (now) when undefined. */
  readonly mtimeNs?: bigint | undefined;
  readonly xattrs?: ReadonlyMap<string, Buffer> | undefined;
}

/** `file` is anything that is neither a directory nor a symlink. */
export type AttributedType = 'file' | 'directory' | 'symlink';
export type Device = NonNullable<OwnerOverride['device']>;

export interface AttributedEntry {
  readonly path: string;
  readonly type: AttributedType;
  readonly attributes: Attributes;
  /** What an empty file stands for. */
  readonly device?: Device | undefined;
  /** It was not made just now, so it may be somebody's already. */
  readonly hasOwner?: boolean | undefined;
}

/** What Linux says of every symlink. */
const SYMLINK_MODE = 0o777;
const SETUID_SETGID = 0o6000;
/** Errors of an attribute that this filesystem, this file type or this user cannot have. */
const XATTR_REFUSED: readonly string[] = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EACCES', 'EINVAL'];

/**
 * Gives the entries of a difference their owners, modes, times and xattrs: on disk as far as this user may, in the owner
 * table what the disk cannot hold. Directories get theirs from `finish`, when nothing more is written into them.
 */
export class EntryAttributes {
  readonly #difference: WritableDifference;
  readonly #privileges: Privileges = currentPrivileges();
  /** What `finish` sets, in the order of making: parents come before their children. */
  readonly #pending = new Map<string, { readonly mode: number; readonly mtimeNs?: bigint | undefined }>();

  constructor(difference: WritableDifference) {
    this.#difference = difference;
  }

  set({ path, type, attributes, device, hasOwner }: AttributedEntry): void {
    const host = this.#hostPath(path);
    const { uid, gid, mtimeNs, xattrs } = attributes;
    const mode = type === 'symlink' ? SYMLINK_MODE : attributes.mode;
    const owned = this.#privileges.canOwn(uid, gid);
    const isOwned = type === 'file' && !hasOwner && this.#isOwnedAsMade(uid, gid);
    if (owned && !isOwned) lchownSync(host, uid, gid);
    const diskMode = device ? 0o600 : this.#diskMode(type, mode, owned);
    const isOnDisk = owned && !device && diskMode === mode;
    if (isOnDisk) this.#difference.owners.delete(path);
    else this.#difference.owners.set(path, { uid, gid, mode, ...(device && { device }) });
    if (type === 'directory') this.#pending.set(path, { mode: diskMode, mtimeNs });
    else if (type === 'file') chmodSync(host, diskMode);
    for (const [name, value] of xattrs ?? []) setXattrIfPossible(host, name, value);
    if (mtimeNs !== undefined && type !== 'directory') setMtime(host, mtimeNs);
  }

  /** A directory that others made keeps its mode and time over what is written into it. */
  keep(path: string): void {
    if (this.#pending.has(path)) return;
    const host = this.#hostPath(path);
    const stat = lstatSync(host, { bigint: true });
    const mode = Number(stat.mode & 0o7777n);
    this.#pending.set(path, { mode, mtimeNs: stat.mtimeNs });
    // New files would take the group of a setgid directory.
    if (mode & SETUID_SETGID) chmodSync(host, mode & ~SETUID_SETGID);
  }

  /** Of a directory whose attributes were set or kept. */
  setDirectoryMtime(path: string, mtimeNs: bigint): void {
    this.#pending.set(path, { mode: this.#pending.get(path)?.mode ?? 0o755, mtimeNs });
  }

  /** What a directory whose attributes were set or kept will have; undefined for the time of now. */
  directoryMtime(path: string): bigint | undefined {
    return this.#pending.get(path)?.mtimeNs;
  }

  /** Forgets an entry that was removed. */
  delete(path: string): void {
    this.#pending.delete(path);
    this.#difference.owners.delete(path);
  }

  /** Sets the modes and times of directories, deepest first. */
  finish(): void {
    for (const [path, { mode, mtimeNs }] of [...this.#pending].reverse()) {
      const host = this.#hostPath(path);
      chmodSync(host, mode);
      if (mtimeNs !== undefined) setMtime(host, mtimeNs);
    }
    this.#pending.clear();
  }

  #diskMode(type: AttributedType, mode: number, owned: boolean): number {
    if (type === 'symlink') return mode;
    const readable = this.#privileges.obeysModes ? mode | (type === 'directory' ? 0o700 : 0o400) : mode;
    // A file of somebody else's in the image is the user's own on disk, where nobody should run it as that user.
    return owned ? readable : readable & ~SETUID_SETGID;
  }

  /** Directories made here have no setgid bit until `finish`, so a new file is the process's own. */
  #isOwnedAsMade(uid: number, gid: number): boolean {
    return uid === this.#privileges.uid && gid === this.#privileges.gid;
  }

  #hostPath(path: string): string {
    return path === '' ? this.#difference.diffDir : `${this.#difference.diffDir}/${path}`;
  }
}

function setXattrIfPossible(host: string, name: string, value: Buffer): void {
  try {
    setXattr(host, name, value);
  } catch (error) {
    // BuildKit goes on without an attribute that cannot be set, and so do the tools people know.
    if (!XATTR_REFUSED.includes(systemErrorCode(error) ?? '')) throw error;
  }
}
