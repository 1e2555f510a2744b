/**
 * Good practice, checked: a Dockerfile, and its context and Go module where they are known, become findings, many with a
 * fix. Nothing runs and no network is asked. What surprises: BuildKit's build checks are among the findings under their
 * own names, and a Dockerfile that cannot be built is a finding too, not an exception.
 */

import type { Diagnostic, Severity } from '../diagnostics/diagnostic.ts';
import { KnownError } from '../diagnostics/known-error.ts';
import type { Dockerfile } from '../dockerfile/ast.ts';
import { parseDockerfile } from '../dockerfile/dockerfile.ts';
import { buildChecks } from './build-checks.ts';
import { copyIgnoredFiles } from './copy-ignored-file.ts';
import type { Fix } from './finding.ts';
import { withFixes } from './fix/check-fixes.ts';
import { inlineIgnores } from './ignore/inline-ignores.ts';
import { silence } from './ignore/silence.ts';
import { unknownIgnores } from './ignore/unknown-ignores.ts';
import type { Rule } from './rule.ts';
import { RULES } from './rules.ts';
import { checkShell } from './shellcheck/check-shell.ts';
import type { ShellChecker } from './shellcheck/shell-checker.ts';
import type { LintContext } from './subject/lint-context.ts';
import type { LintPolicy, LintSubject } from './subject/lint-subject.ts';
import type { MeasuredSteps } from './subject/measured-steps.ts';
import { readSubject } from './subject/read-subject.ts';
import { remembered } from './subject/remembered.ts';

export interface LintRequest {
  /** Name shown to people. */
  readonly file: string;
  readonly source: string;
  /** The source as read already, under the name of `file`; for callers that have it. */
  readonly parsed?: Dockerfile | KnownError | undefined;
  readonly context?: LintContext | undefined;
  readonly settings?: LintSettings | undefined;
  /** Asked about the RUN steps, where there is one. */
  readonly shellChecker?: ShellChecker | undefined;
  readonly measured?: MeasuredSteps | undefined;
}

/** What the user decided, by configuration and flags. */
export interface LintSettings {
  /** Rules of policy and taste too. */
  readonly strict: boolean;
  /** By the name of a rule or build check, in place of its own severity. */
  readonly severities: Readonly<Record<string, Severity | 'off'>>;
  readonly policy: LintPolicy;
}

export const DEFAULT_SETTINGS: LintSettings = {
  strict: false,
  severities: {},
  policy: { pin: 'tag', registries: [], requiredLabels: [] },
};

/** A finding of any kind: `code` is the name of a rule, of a build check, or the code of an error that ends the build. */
export interface LintFinding extends Diagnostic {
  readonly fix?: Fix | undefined;
}

export interface LintReport {
  readonly file: string;
  readonly source: string;
  /** By place in the file, and by code within a place. */
  readonly findings: readonly LintFinding[];
}

/** Never throws for what a Dockerfile or its context holds. */
export async function lint(request: LintRequest): Promise<LintReport> {
  const { file, source, context, shellChecker, settings = DEFAULT_SETTINGS, measured } = request;
  const dockerfile = request.parsed ?? readDockerfile(source, file);
  if (dockerfile instanceof KnownError) return { file, source, findings: [findingOf(dockerfile, file)] };
  const { findings: checks, error } = await buildChecks(dockerfile);
  const subject = readSubject(dockerfile, { context, policy: settings.policy, measured });
  const found = [
    ...withFixes(checks, subject),
    ...(error ? [] : copyIgnoredFiles(subject)),
    ...activeRules(settings).flatMap((rule) => apply(rule, subject)),
    ...(shellChecker ? checkShell(subject, shellChecker, settings.strict) : []),
  ];
  const ignores = inlineIgnores(dockerfile);
  // What ends a build is never silent.
  const ends = error ? [findingOf(error, file)] : [];
  const audible = [...ends, ...unknownIgnores(ignores), ...silence(found, ignores, dockerfile)];
  const findings = audible.flatMap((finding) => withSeverity(finding, settings)).sort(byPlace);
  return { file, source: dockerfile.source, findings };
}

/** A Dockerfile, or why it is none. */
export function readDockerfile(source: string, file: string): Dockerfile | KnownError {
  try {
    return parseDockerfile(source, { file });
  } catch (error) {
    if (error instanceof KnownError) return error;
    throw error;
  }
}

function findingOf(error: KnownError, file: string): LintFinding {
  const start = { line: 1, column: 1 };
  const range = error.range ?? { file, start, end: start };
  return { code: error.code, severity: 'error', message: error.message, hint: error.hint, range };
}

/** Files of one project have the same settings. */
const activeRules = remembered((settings: LintSettings): readonly Rule[] =>
  RULES.filter((rule) => isActive(rule, settings)),
);

function isActive({ name, level }: Rule, { strict, severities }: LintSettings): boolean {
  return strict || level === 'default' || name in severities;
}

function apply(rule: Rule, subject: LintSubject): readonly LintFinding[] {
  const found: LintFinding[] = [];
  for (const { severity = rule.severity, ...finding } of rule.check(subject))
    found.push({ ...finding, code: rule.name, severity, docs: `docs/rules/${rule.name}.md` });
  return found;
}

function withSeverity(finding: LintFinding, { severities }: LintSettings): readonly LintFinding[] {
  const severity = Object.hasOwn(severities, finding.code) ? severities[finding.code] : finding.severity;
  return severity === undefined || severity === 'off' ? [] : [{ ...finding, severity }];
}

function byPlace(a: LintFinding, b: LintFinding): number {
  const [left, right] = [a.range.start, b.range.start];
  return left.line - right.line || left.column - right.column || a.code.localeCompare(b.code, 'en');
}
