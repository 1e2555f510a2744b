import { type BigIntStats, lstatSync, readlinkSync } from 'node:fs';
import { systemErrorCode } from '../diagnostics/known-error.ts';
import { isOpaque, isWhiteout } from '../rootfs/overlay-form.ts';
import type { RootMount } from '../rootfs/snapshot.ts';

/** What a path in a root filesystem leads to, all symlinks followed inside the root. */
export interface Located {
  /** Absolute path in the root without symlinks; what is missing of it is appended as it stands. */
  readonly path: string;
  /** The entry on disk, in the topmost layer that has it; undefined when there is no such entry. */
  readonly hostPath: string | undefined;
  readonly stat: BigIntStats | undefined;
  /** First path that is missing on the way; undefined when the entry exists. */
  readonly firstMissing: string | undefined;
}

interface Visible {
  readonly hostPath: string;
  readonly stat: BigIntStats;
  /** Layers that contribute to a directory, topmost first; one for anything else. */
  readonly layers: readonly string[];
}

/** As the kernel: a longer chain is a loop. */
const MAX_LINKS = 40;

/**
 * The directories of differences that make up a root, topmost first, read by path without mounting them. Every path
 * stays inside, whatever the symlinks in it say.
 */
export class LayeredRoot {
  readonly #layers: readonly string[];

  constructor(layers: readonly string[]) {
    this.#layers = layers;
  }

  static of(root: RootMount): LayeredRoot {
    return new LayeredRoot(root.kind === 'overlay' ? [root.upperDir, ...root.lowerDirs] : [root.path]);
  }

  /** @throws Error ELOOP when symlinks go in circles. */
  locate(path: string): Located {
    const pending = path.split('/').reverse();
    const trail: { name: string; entry: Visible }[] = [];
    const base = this.#root();
    for (let links = 0; pending.length > 0; ) {
      const name = pending.pop();
      if (name === undefined || name === '' || name === '.') continue;
      if (name === '..') {
        trail.pop();
        continue;
      }
      const entry = this.#child(trail, base, name);
      if (!entry) return missing(trail, [name, ...pending.reverse()]);
      if (!entry.stat.isSymbolicLink()) {
        trail.push({ name, entry });
        continue;
      }
      if (++links > MAX_LINKS) throw Object.assign(new Error(`ELOOP: ${path}`), { code: 'ELOOP' });
      const target = readlinkSync(entry.hostPath);
      if (target.startsWith('/')) trail.length = 0;
      pending.push(...target.split('/').reverse());
    }
    const last = trail.at(-1)?.entry ?? base;
    return { path: joined(trail), hostPath: last.hostPath, stat: last.stat, firstMissing: undefined };
  }

  #root(): Visible {
    const top = this.#layers[0] ?? '/';
    return { hostPath: top, stat: lstatSync(top, { bigint: true }), layers: this.#layers };
  }

  #child(trail: readonly { name: string; entry: Visible }[], base: Visible, name: string): Visible | undefined {
    const parent = trail.at(-1)?.entry ?? base;
    if (!parent.stat.isDirectory()) return undefined;
    const relative = `${joined(trail)}/${name}`;
    let found: Visible | undefined;
    for (const [index, layer] of parent.layers.entries()) {
      const hostPath = layer + relative;
      const stat = lstatOrUndefined(hostPath);
      if (!stat) continue;
      if (isWhiteout(stat)) break;
      if (!stat.isDirectory()) return found ?? { hostPath, stat, layers: [layer] };
      found = found ? { ...found, layers: [...found.layers, layer] } : { hostPath, stat, layers: [layer] };
      if (index < parent.layers.length - 1 && isOpaque(hostPath)) break;
    }
    return found;
  }
}

function joined(trail: readonly { name: string }[]): string {
  return trail.map(({ name }) => `/${name}`).join('');
}

function missing(trail: readonly { name: string; entry: Visible }[], names: readonly string[]): Located {
  const rest: string[] = [];
  for (const name of names) {
    if (name === '..') rest.pop();
    else if (name !== '' && name !== '.') rest.push(name);
  }
  const parent = joined(trail);
  const path = [parent, ...rest].join('/');
  return { path, hostPath: undefined, stat: undefined, firstMissing: `${parent}/${rest[0] ?? ''}` };
}

function lstatOrUndefined(path: string): BigIntStats | undefined {
  try {
    return lstatSync(path, { bigint: true, throwIfNoEntry: false });
  } catch (error) {
    if (['ENOTDIR', 'ENOENT', 'ENAMETOOLONG'].includes(systemErrorCode(error) ?? '')) return undefined;
    throw error;
  }
}
