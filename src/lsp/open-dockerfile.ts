import { dirname } from 'node:path';
import { KnownError } from '../diagnostics/known-error.ts';
import { parseDockerfile } from '../dockerfile/dockerfile.ts';
import { findConfig } from '../lint/config/find-config.ts';
import { NO_CONFIG } from '../lint/config/lint-config.ts';
import { guessContext } from '../lint/guess-context.ts';
import { type LintFinding, lint } from '../lint/lint.ts';
import { LintContext } from '../lint/subject/lint-context.ts';
import type { LintSubject } from '../lint/subject/lint-subject.ts';
import { readSubject } from '../lint/subject/read-subject.ts';

/** A Dockerfile in an editor. */
export interface OpenDockerfile {
  readonly source: string;
  readonly findings: readonly LintFinding[];
  /** As it could last be read; undefined when it never could. */
  readonly subject: LintSubject | undefined;
  readonly context: LintContext | undefined;
  /** When the context was looked at. Milliseconds since the epoch. */
  readonly contextMs: number;
}

/** While somebody types, the files around are not looked at again and again. */
const CONTEXT_AGE_MS = 5000;

/** Lints a text; `path` is where it lies on the disk, if it does. A configuration that cannot be read is a finding. */
export async function readOpenDockerfile(
  path: string | undefined,
  source: string,
  before: OpenDockerfile | undefined,
): Promise<OpenDockerfile> {
  const isFresh = before !== undefined && Date.now() - before.contextMs < CONTEXT_AGE_MS;
  const context = isFresh ? before.context : path === undefined ? undefined : contextOf(path, source);
  const { config, findings: mistakes } = await configFor(path);
  const { findings } = await lint({ file: 'Dockerfile', source, context, settings: config.settings });
  const subject = readable(source, context) ?? before?.subject;
  const contextMs = isFresh ? before.contextMs : Date.now();
  return { source, findings: [...mistakes, ...findings], subject, context, contextMs };
}

function contextOf(path: string, source: string): LintContext {
  const dockerfile = parsed(source);
  return new LintContext(dockerfile ? guessContext(path, dockerfile, '/') : dirname(path), path);
}

async function configFor(path: string | undefined) {
  if (path === undefined) return { config: NO_CONFIG, findings: [] };
  try {
    return { config: await findConfig(dirname(path)), findings: [] };
  } catch (error) {
    if (!(error instanceof KnownError)) throw error;
    const start = { line: 1, column: 1 };
    const place = error.range ? `${error.range.file}:${error.range.start.line}: ` : '';
    const finding: LintFinding = {
      code: error.code,
      severity: 'error',
      message: `${place}${error.message}`,
      range: { file: 'Dockerfile', start, end: start },
    };
    return { config: NO_CONFIG, findings: [finding] };
  }
}

function readable(source: string, context: LintContext | undefined): LintSubject | undefined {
  const dockerfile = parsed(source);
  return dockerfile && readSubject(dockerfile, { context, policy: NO_CONFIG.settings.policy });
}

function parsed(source: string) {
  try {
    return parseDockerfile(source);
  } catch (error) {
    if (error instanceof KnownError) return undefined;
    throw error;
  }
}
