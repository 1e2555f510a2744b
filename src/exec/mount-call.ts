import type { MountLine } from './mount-table.ts';

/** A mount in the terms of mount(2). */
export interface MountCall {
  readonly source: string;
  readonly target: string;
  readonly type: string;
  readonly flags: number;
  /** What is left for the filesystem to read. */
  readonly options: string;
  /** Flags that a bind gets only by mounting it once more, where it is. */
  readonly restrictions: number;
}

const FLAGS: Readonly<Record<string, number>> = { ro: 0x1, nosuid: 0x2, nodev: 0x4, noexec: 0x8 };
const BIND = 0x1000;
const RECURSIVE = 0x4000;

/** The call that makes a line's mount. */
export function mountCall({ source, target, type, options }: MountLine): MountCall {
  const flags = options.reduce((sum, option) => sum | (FLAGS[option] ?? 0), 0);
  if (options.includes('bind') || options.includes('rbind')) {
    const bind = BIND | (options.includes('rbind') ? RECURSIVE : 0);
    return { source, target, type, flags: bind, options: '', restrictions: flags };
  }
  const left = options.filter((option) => FLAGS[option] === undefined);
  return { source, target, type, flags, options: left.join(','), restrictions: 0 };
}
