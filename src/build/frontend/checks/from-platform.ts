import { KnownError } from '../../../diagnostics/known-error.ts';
import type { FromInstruction } from '../../../dockerfile/ast.ts';
import type { Expansion } from '../../../dockerfile/expand-word.ts';
import { parsePlatform } from '../../../image/parse-platform.ts';
import type { Platform } from '../../../image/platform.ts';
import type { GlobalArgs } from '../stage/global-args.ts';
import type { FindingSink, Rule } from './rule.ts';
import { finding } from './rule.ts';

const REDUNDANT: Rule = { name: 'RedundantTargetPlatform', page: 'redundant-target-platform' };
const CONSTANT: Rule = { name: 'FromPlatformFlagConstDisallowed', page: 'from-platform-flag-const-disallowed' };

interface PlatformFlag {
  readonly from: FromInstruction;
  readonly written: string;
  readonly expansion: Expansion;
}

type CheckScope = FindingSink & { readonly globalArgs: GlobalArgs };

/** FROM --platform that says what holds anyway, or a constant that ties the stage to one platform. */
export function checkFromPlatform(flag: PlatformFlag, scope: CheckScope): void {
  const { used, unset } = flag.expansion;
  if (used.size === 0 && unset.size === 0) checkConstant(flag, scope);
  const isTarget = used.size === 1 && unset.size === 0 && used.has('TARGETPLATFORM');
  if (!isTarget || flag.expansion.text !== scope.globalArgs.values.get('TARGETPLATFORM')) return;
  const message = `Setting platform to predefined ${flag.written} in FROM is redundant as this is the default behavior`;
  scope.report(finding(REDUNDANT, message, flag.from.range));
}

/** A stage whose name has the platform in it means to be for that one. */
function checkConstant({ from, expansion }: PlatformFlag, scope: CheckScope): void {
  const platform = platformOrUndefined(expansion.text);
  const name = from.stageName?.text.toLowerCase() ?? '';
  if (platform === undefined || name.includes(platform.os) || name.includes(platform.architecture)) return;
  const message = `FROM --platform flag should not use constant value ${JSON.stringify(expansion.text)}`;
  scope.report(finding(CONSTANT, message, from.range));
}

function platformOrUndefined(text: string): Platform | undefined {
  try {
    return parsePlatform(text);
  } catch (error) {
    if (error instanceof KnownError) return undefined;
    throw error;
  }
}
