import type { LeftOut } from '../../build/exchange/bound-mounts.ts';
import { formatAge } from './age.ts';
import { formatSize } from './size.ts';

/** What a bound on cache mounts left out, as a line. */
export function leftOutLine({ files, bytes, usedMs }: LeftOut): string {
  const age = formatAge(Date.now() - usedMs).toLowerCase();
  return `left out ${files} files, ${formatSize(bytes)}, last used ${age} ago or earlier\n`;
}
