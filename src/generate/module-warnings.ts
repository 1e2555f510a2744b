import { posix } from 'node:path';
import type { GoModule, GoProgram } from '../golang/module/go-module.ts';
import { looksLikeTool } from './choose-programs.ts';
import type { Decision } from './image-plan.ts';

/** What its user has to see to, of the module as a whole and then of its programs (`warnings`). */
export function moduleWarnings(
  { isCut, generates, isVendored, modules }: GoModule,
  { chosen, isNamed }: { readonly chosen: readonly GoProgram[]; readonly isNamed: boolean },
  warnings: readonly Decision[],
): readonly Decision[] {
  const cut: Decision[] = isCut
    ? [{ what: 'Not all sources were read', why: 'the module is very large: look the files over' }]
    : [];
  const unsummed = isVendored ? undefined : modules.find(({ file, hasSum }) => file.requires.length > 0 && !hasSum);
  const sums: Decision[] = unsummed
    ? [
        {
          what: `${posix.join(unsummed.dir, 'go.sum')} is missing`,
          why: 'go build refuses modules without it: go mod tidy',
        },
      ]
    : [];
  const tools: Decision[] = chosen
    .filter((program) => !isNamed && chosen.length === 1 && looksLikeTool(program))
    .map(({ dir }) => ({
      what: `${dir} may be a tool`,
      why: 'it is the only program of this module; others may have a go.mod of their own',
    }));
  const [first] = generates;
  const isMissing = chosen.some(({ embeds }) => embeds.some(({ files }) => files.length === 0));
  const generated: Decision[] =
    isMissing && first
      ? [{ what: `"${first.value}" may have to run first`, why: 'the module generates sources', at: first.at }]
      : [];
  return [...cut, ...tools, ...sums, ...warnings, ...generated];
}
