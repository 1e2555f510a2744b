import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, lstatSync, readdirSync, rmdirSync, type Stats, unlinkSync } from 'node:fs';
import { systemErrorCode } from '../diagnostics/known-error.ts';

/**
 * A process in a container can nest directories deeper than a path may be long, and use names that are no text; rm
 * descends by relative names and keeps their bytes.
 */
const OUT_OF_REACH: readonly string[] = ['ENAMETOOLONG', 'ENOENT', 'ENOTEMPTY'];

type Listener = ((path: string) => void) | undefined;

/**
 * Removes whatever is at a path, with all that is below it. Follows no symlink; opens directories that lack the
 * permission for it; nothing happens when nothing is there. Returns the bytes that this frees on disk. `onRemoved` gets the
 * path of everything that went.
 */
export function removeTree(path: string, onRemoved?: Listener): number {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (!stat) return 0;
  try {
    return stat.isDirectory() ? removeDirectory(path, onRemoved) : removeFile(path, { stat, onRemoved });
  } catch (error) {
    if (!OUT_OF_REACH.includes(systemErrorCode(error) ?? '')) throw error;
    spawnSync('rm', ['-rf', '--', path], { stdio: 'ignore' });
    if (existsSync(path)) throw error;
    return 0;
  }
}

function removeDirectory(path: string, onRemoved: Listener): number {
  const freed = emptyDirectory(path, onRemoved);
  rmdirSync(path);
  onRemoved?.(path);
  return freed;
}

function emptyDirectory(path: string, onRemoved: Listener): number {
  let freed = 0;
  for (const entry of withPermission(path, () => readdirSync(path, { withFileTypes: true }))) {
    const child = `${path}/${entry.name}`;
    if (entry.isDirectory()) {
      freed += emptyDirectory(child, onRemoved);
      withPermission(path, () => rmdirSync(child));
      onRemoved?.(child);
    } else {
      freed += withPermission(path, () => removeFile(child, { stat: lstatSync(child), onRemoved }));
    }
  }
  return freed;
}

function removeFile(path: string, options: { stat: Stats; onRemoved: Listener }): number {
  const { stat, onRemoved } = options;
  unlinkSync(path);
  onRemoved?.(path);
  return stat.nlink === 1 ? stat.blocks * 512 : 0;
}

/** What lies in a directory cannot be read or removed without its own bits, whoever owns it. */
function withPermission<T>(directory: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (systemErrorCode(error) !== 'EACCES') throw error;
    chmodSync(directory, 0o700);
    return action();
  }
}
