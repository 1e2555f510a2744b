import { KnownError } from '../../../diagnostics/known-error.ts';
import type { FromInstruction } from '../../../dockerfile/ast.ts';
import { expandWord } from '../../../dockerfile/expand-word.ts';
import { parsePlatform } from '../../../image/parse-platform.ts';
import type { Platform } from '../../../image/platform.ts';
import { didYouMean } from '../checks/did-you-mean.ts';
import { checkFromPlatform } from '../checks/from-platform.ts';
import { reportUndefinedArgsInFrom } from '../checks/undefined-arg-in-from.ts';
import type { PlanScope } from './plan-stages.ts';

export interface ExpandedFrom {
  readonly baseName: string;
  readonly platform: Platform | undefined;
}

/** What FROM says once its variables are known. @throws KnownError DOCKERFILE_*, PLATFORM_INVALID */
export function expandFrom(from: FromInstruction, scope: PlanScope): ExpandedFrom {
  const { range } = from;
  const expansion = expandWord(from.image.text, scope.globalArgs.values, { escape: scope.escape, range });
  reportUndefinedArgsInFrom({ names: expansion.unset, range }, scope);
  if (expansion.text === '') {
    throw new KnownError('DOCKERFILE_INVALID_VALUE', `FROM ${from.image.text} names no image.`, {
      hint: 'Give its ARG a value in front of the first FROM, or with --build-arg.',
      range,
    });
  }
  return { baseName: expansion.text, platform: expandPlatform(from, scope) };
}

function expandPlatform(from: FromInstruction, scope: PlanScope): Platform | undefined {
  const flag = from.flags.find(({ name }) => name === 'platform');
  if (flag?.value === undefined || flag.value === '') return undefined;
  const { range } = from;
  const expansion = expandWord(flag.value, scope.globalArgs.values, { escape: scope.escape, range });
  reportUndefinedArgsInFrom({ names: expansion.unset, range }, scope);
  checkFromPlatform({ from, written: flag.value, expansion }, scope);
  if (expansion.text === '') {
    throw new KnownError('PLATFORM_INVALID', `--platform=${flag.value} is empty once its variables are expanded.`, {
      hint: platformHint(expansion.unset, scope),
      range: flag.range,
    });
  }
  try {
    return parsePlatform(expansion.text);
  } catch (error) {
    throw error instanceof KnownError ? error.at(flag.range) : error;
  }
}

function platformHint(unset: Iterable<string>, { globalArgs }: PlanScope): string {
  for (const name of unset) {
    const meant = didYouMean(name, globalArgs.values.names());
    if (meant !== undefined) return `Did you mean $${meant}?`;
  }
  return 'Declare the variable with ARG in front of the first FROM, or use $TARGETPLATFORM or $BUILDPLATFORM.';
}
