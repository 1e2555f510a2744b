import { relative } from 'node:path';
import type { LintedFile } from '../lint/lint-files.ts';
import { type Proof, proveFixes } from '../prove/prove-fixes.ts';
import type { CommandContext } from './command.ts';

/** Builds a linted file before and after its fixes; says on stderr what is being built. */
export async function proveFile(
  { path, contextDir, changes, report }: LintedFile,
  {
    storeRoot,
    stderr,
    ...asked
  }: Pick<CommandContext, 'cwd' | 'env' | 'signal' | 'stderr'> & { readonly storeRoot: string },
): Promise<Proof> {
  stderr.write('Building before and after the fixes, each from nothing and with one line changed …\n');
  const own = changes.find((change) => change.path === path);
  const others = changes.filter((change) => change !== own);
  const writes = Object.fromEntries(others.map((change) => [relative(contextDir, change.path), change.after]));
  const before = own?.before ?? report.source;
  return proveFixes({ ...asked, storeRoot, contextDir, before, after: own?.after ?? report.source, writes });
}
