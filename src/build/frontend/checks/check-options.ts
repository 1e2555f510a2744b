import type { Diagnostic } from '../../../diagnostics/diagnostic.ts';
import { KnownError } from '../../../diagnostics/known-error.ts';
import type { SourceRange } from '../../../diagnostics/source-range.ts';
import type { Dockerfile } from '../../../dockerfile/ast.ts';
import { parseBool } from '../../../dockerfile/go-number.ts';

const BUILD_ARG = 'BUILDKIT_DOCKERFILE_CHECK';
const EXPERIMENTAL: ReadonlySet<string> = new Set(['InvalidDefinitionDescription', 'CopyIgnoredFile']);

/** `# check=skip=A,B;error=true;experimental=C`. A directive ends at its first blank, as `# syntax=` does; an argument does not. */
export interface CheckOptions {
  readonly skip: ReadonlySet<string> | 'all';
  readonly experimental: ReadonlySet<string> | 'all';
  /** Findings fail the build. */
  readonly error: boolean;
}

/** The options of the build arg, otherwise those of the directive. @throws KnownError DOCKERFILE_INVALID_VALUE */
export function readCheckOptions(dockerfile: Dockerfile, buildArgs: Readonly<Record<string, string>>): CheckOptions {
  const directive = dockerfile.directives.find(({ name }) => name === 'check');
  const given = buildArgs[BUILD_ARG];
  if (given !== undefined) return parseOptions(given, undefined);
  return parseOptions(directive?.value.split(' ', 1)[0] ?? '', directive?.range);
}

/** The findings that are wanted. @throws KnownError CHECK_FAILED when there are some and they are errors */
export function applyCheckOptions(findings: readonly Diagnostic[], options: CheckOptions): readonly Diagnostic[] {
  const kept = findings.filter((finding) => isWantedFinding(finding, options));
  const [first] = kept;
  if (!options.error || first === undefined) return kept;
  const rules = [...new Set(kept.map(({ code }) => code))].join(', ');
  throw new KnownError('CHECK_FAILED', `Build checks found ${rules}, and this Dockerfile makes findings errors.`, {
    hint: first.message,
    range: first.range,
  });
}

/** Neither skipped nor an experiment that nobody asked for. */
export function isWantedFinding({ code: rule }: Diagnostic, { skip, experimental }: CheckOptions): boolean {
  if (EXPERIMENTAL.has(rule)) return experimental === 'all' || experimental.has(rule);
  return skip !== 'all' && !skip.has(rule);
}

function parseOptions(text: string, range: SourceRange | undefined): CheckOptions {
  const none: CheckOptions = { skip: new Set(), experimental: new Set(), error: false };
  const parts = text.trim() === '' ? [] : text.trim().split(';');
  return Object.assign({ ...none }, ...parts.map((part) => parseOption(part, range)));
}

function parseOption(part: string, range: SourceRange | undefined): Partial<CheckOptions> {
  const [key = '', value] = part.split(/=(.*)/s).map((piece) => piece.trim());
  if (value !== undefined && (key === 'skip' || key === 'experimental')) return { [key]: ruleSet(value) };
  const error = key === 'error' && value !== undefined ? parseBool(value) : undefined;
  if (error !== undefined) return { error };
  throw new KnownError('DOCKERFILE_INVALID_VALUE', `"${part}" is no option of build checks.`, {
    hint: 'The options are skip=RULE,…, experimental=RULE,… and error=true, with ";" and no blanks between them.',
    range,
  });
}

function ruleSet(value: string): ReadonlySet<string> | 'all' {
  return value === 'all' ? 'all' : new Set(value.split(',').map((rule) => rule.trim()));
}
