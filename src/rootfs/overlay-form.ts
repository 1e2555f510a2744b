/**
 * The form in which a directory of differences says what it removes, which is overlayfs' own: a char device 0/0 hides a
 * name, an attribute on a directory hides everything that parents have below it.
 */
import type { BigIntStats, Dirent, Stats } from 'node:fs';
import { lstatSync } from 'node:fs';
import { KnownError, systemErrorCode } from '../diagnostics/known-error.ts';
import { stripControl } from '../diagnostics/redact.ts';
import { makeNode } from '../system/node.ts';
import { listXattrs, removeXattr, setXattr } from '../system/xattr.ts';

/** overlayfs reads `trusted.` for root, and `user.` when mounted with userxattr in a user namespace. */
const OPAQUE_NAMES: readonly string[] = ['trusted.overlay.opaque', 'user.overlay.opaque'];

/** What to do where the store's filesystem cannot have this form, as an overlay cannot. */
export const STORE_ON_OVERLAY =
  'Put the store on a disk or a volume rather than on the root of a container: --root or SLIPWAY_ROOT.';

export function isWhiteout(stat: Stats | BigIntStats): boolean {
  return stat.isCharacterDevice() && Number(stat.rdev) === 0;
}

/** Like `isWhiteout`, for an entry of a listing: only a device costs an lstat. */
export function isWhiteoutEntry(entry: Dirent, path: string): boolean {
  return entry.isCharacterDevice() && isWhiteout(lstatSync(path));
}

export function isOpaque(directory: string): boolean {
  const found = listXattrs(directory, (name) => OPAQUE_NAMES.includes(name));
  return [...found.values()].some((value) => value.toString() === 'y');
}

/** @throws KnownError PERMISSION_DENIED on a filesystem that takes no such node, as an overlay itself does. */
export function makeWhiteout(path: string): void {
  try {
    makeNode(path, { type: 'char', mode: 0, major: 0, minor: 0 });
  } catch (error) {
    if (systemErrorCode(error) !== 'EPERM') throw error;
    const name = stripControl(path);
    throw new KnownError('PERMISSION_DENIED', `What a step removes cannot be kept in the store: ${name} (EPERM).`, {
      hint: STORE_ON_OVERLAY,
      cause: error,
    });
  }
}

/** Returns false where neither attribute can be set; each hidden name then needs a whiteout of its own. */
export function makeOpaque(directory: string): boolean {
  return OPAQUE_NAMES.some((name) => {
    try {
      setXattr(directory, name, Buffer.from('y'));
      return true;
    } catch (error) {
      if (['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EACCES'].includes(systemErrorCode(error) ?? '')) return false;
      throw error;
    }
  });
}

export function clearOpaque(directory: string): void {
  for (const name of OPAQUE_NAMES) removeXattr(directory, name);
}
