import { KnownError } from '../../diagnostics/known-error.ts';
import type { RunInstruction } from '../../dockerfile/ast.ts';
import { type Mount, parseMount } from '../../dockerfile/mount.ts';

/** The mounts of a RUN, variables as written; those that cannot be read are left out. */
export function mountsOf({ flags }: RunInstruction): readonly Mount[] {
  return flags.flatMap(({ name, value }) => {
    if (name !== 'mount' || value === undefined) return [];
    try {
      return [parseMount(value)];
    } catch (error) {
      if (error instanceof KnownError) return [];
      throw error;
    }
  });
}

/** What is written below the path stays out of the layer: a cache or tmpfs is mounted there or above. */
export function isMountedAway(run: RunInstruction, path: string | RegExp): boolean {
  return mountsOf(run).some(({ type, target = '' }) => {
    if (type !== 'cache' && type !== 'tmpfs') return false;
    const mounted = target.replace(/\/+$/, '');
    return typeof path === 'string' ? path === mounted || path.startsWith(`${mounted}/`) : path.test(mounted);
  });
}
