import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { PatternMatcher } from '../context/pattern/pattern-matcher.ts';
import type { Severity } from '../diagnostics/diagnostic.ts';
import { KnownError, systemErrorCode } from '../diagnostics/known-error.ts';
import type { Dockerfile } from '../dockerfile/ast.ts';
import { createConfigFinder, type FoundConfig } from './config/find-config.ts';
import { type FailLevel, readLintConfig } from './config/lint-config.ts';
import { findDockerfiles } from './find-dockerfiles.ts';
import { type FixedDockerfile, type FixMode, fixDockerfile } from './fix/fix-dockerfile.ts';
import { guessContext } from './guess-context.ts';
import { type LintReport, type LintRequest, type LintSettings, lint, readDockerfile } from './lint.ts';
import type { ShellChecker } from './shellcheck/shell-checker.ts';
import { LintContext } from './subject/lint-context.ts';
import type { MeasuredSteps } from './subject/measured-steps.ts';

export interface ProjectRequest {
  /** Dockerfiles, or directories that hold some; relative to `cwd`. */
  readonly paths: readonly string[];
  readonly cwd: string;
  /** The build context of all of them; guessed from what each copies unless given. */
  readonly contextDir?: string | undefined;
  /** In place of the nearest slipway.yaml. */
  readonly configPath?: string | undefined;
  readonly strict?: boolean | undefined;
  /** Stronger than those of the configuration. */
  readonly severities?: LintSettings['severities'] | undefined;
  /** Makes fixes, in memory; see `writeFixes`. */
  readonly fix?: FixMode | undefined;
  readonly shellChecker?: ShellChecker | undefined;
  /** What builds of a Dockerfile measured; asked with its absolute path. Absent: nothing is known. */
  readonly measured?: ((path: string, dockerfile: Dockerfile) => ReadonlyMap<number, number>) | undefined;
  readonly signal: AbortSignal;
}

export interface LintedFile {
  /** Absolute. */
  readonly path: string;
  /** Absolute. */
  readonly contextDir: string;
  /** With fixes: what is left to say of the mended text. */
  readonly report: LintReport;
  readonly applied: FixedDockerfile['applied'];
  /** What fixes make of files; nothing is written yet. */
  readonly changes: readonly FileChange[];
}

export interface FileChange {
  /** Absolute. */
  readonly path: string;
  /** undefined: the file is new. */
  readonly before: string | undefined;
  readonly after: string;
}

export interface LintedProject {
  readonly files: readonly LintedFile[];
  /** What the configuration of the first file says. */
  readonly failOn: FailLevel | undefined;
}

/** Each may hold the names of many files; those of one directory mostly stand together. */
const MOST_CONTEXTS = 32;
/** A Dockerfile larger than this is none. */
const MOST_BYTES = 16 * 1024 * 1024;

/** @throws KnownError DOCKERFILE_NOT_FOUND, CONFIG_INVALID */
export async function lintProject(request: ProjectRequest): Promise<LintedProject> {
  const { cwd, paths, signal } = request;
  const configs = configReader(request);
  const scope = { request, settingsOf: settingsReader(request), contextOf: contextOpener() };
  const files: LintedFile[] = [];
  let failOn: FailLevel | undefined;
  for (const path of paths.flatMap((written) => dockerfilesAt(written, cwd))) {
    signal.throwIfAborted();
    const config = await configs(dirname(path));
    if (isExcluded(path, config)) continue;
    failOn ??= config.failOn;
    files.push(await lintFile(path, config, scope));
  }
  return { files, failOn };
}

/** A text that comes from nowhere: its context is what the request says, or unknown. */
export async function lintText(source: string, request: ProjectRequest): Promise<LintedProject> {
  const { cwd, contextDir, fix, shellChecker } = request;
  const config = await configReader(request)(cwd);
  const context = contextDir === undefined ? undefined : new LintContext(resolve(cwd, contextDir));
  const settings = settingsReader(request)(config);
  const asked: LintRequest = { file: 'Dockerfile', source, context, settings, shellChecker };
  const fixed = fix && (await fixDockerfile(asked, fix));
  const path = resolve(cwd, 'Dockerfile');
  const changes = fixed && fixed.source !== source ? [{ path, before: source, after: fixed.source }] : [];
  const report = fixed?.report ?? (await lint(asked));
  const file = { path, contextDir: context?.dir ?? cwd, report, applied: fixed?.applied ?? [], changes };
  return { files: [file], failOn: config.failOn };
}

/** What files of a project share. */
interface ProjectScope {
  readonly request: ProjectRequest;
  readonly settingsOf: (config: FoundConfig) => LintSettings;
  readonly contextOf: (dir: string, dockerfile: string) => LintContext;
}

async function lintFile(path: string, config: FoundConfig, scope: ProjectScope): Promise<LintedFile> {
  const { request, settingsOf, contextOf } = scope;
  const { cwd, fix, shellChecker } = request;
  const source = readFileSync(path, 'utf8');
  const file = shownPath(path, cwd);
  const parsed = readDockerfile(source, file);
  const dockerfile = parsed instanceof KnownError ? undefined : parsed;
  const guessed = dockerfile ? guessContext(path, dockerfile, cwd) : dirname(path);
  const contextDir = request.contextDir === undefined ? guessed : resolve(cwd, request.contextDir);
  const context = contextOf(contextDir, path);
  const settings = settingsOf(config);
  const lines = dockerfile && request.measured?.(path, dockerfile);
  const measured: MeasuredSteps | undefined = lines && ((line) => lines.get(line));
  const asked: LintRequest = { file, source, parsed, context, settings, shellChecker, measured };
  if (!fix) return { path, contextDir, report: await lint(asked), applied: [], changes: [] };
  const fixed = await fixDockerfile(asked, fix);
  const writes = fixed.writes.map((write) => ({
    path: join(contextDir, write.path),
    before: context.readText(write.path),
    after: write.text,
  }));
  const own = fixed.source === source ? [] : [{ path, before: source, after: fixed.source }];
  return { path, contextDir, report: fixed.report, applied: fixed.applied, changes: [...own, ...writes] };
}

/** One object for each configuration. */
function settingsReader({ strict, severities }: ProjectRequest): ProjectScope['settingsOf'] {
  const known = new Map<LintSettings, LintSettings>();
  return ({ settings }) => {
    const merged = known.get(settings) ?? {
      ...settings,
      strict: strict ?? settings.strict,
      severities: { ...settings.severities, ...severities },
    };
    known.set(settings, merged);
    return merged;
  };
}

/** Dockerfiles that are built from one directory look at it, and at the Go module in it, once; but for one with an ignore file of its own. */
function contextOpener(): ProjectScope['contextOf'] {
  const known = new Map<string, LintContext>();
  return (dir, dockerfile) => {
    if (existsSync(`${dockerfile}.dockerignore`)) return new LintContext(dir, dockerfile);
    const context = known.get(dir) ?? new LintContext(dir, dockerfile);
    const [oldest] = known.size >= MOST_CONTEXTS ? known.keys() : [];
    if (oldest !== undefined) known.delete(oldest);
    known.set(dir, context);
    return context;
  };
}

export function shownPath(path: string, cwd: string): string {
  const below = relative(cwd, path);
  return below === '' || below.startsWith('..') ? path : below;
}

function dockerfilesAt(written: string, cwd: string): readonly string[] {
  const path = resolve(cwd, written);
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats?.isDirectory()) {
    const found = findDockerfiles(path);
    if (found.length > 0) return found;
    throw new KnownError('DOCKERFILE_NOT_FOUND', `${JSON.stringify(written)} holds no Dockerfile.`, {
      hint: 'Name the file, or write one: slipway init.',
    });
  }
  if (stats && stats.size <= MOST_BYTES) return [path];
  const problem = stats ? 'is too large to be a Dockerfile' : 'does not exist';
  throw new KnownError('DOCKERFILE_NOT_FOUND', `${JSON.stringify(written)} ${problem}.`);
}

/** One reading a directory. */
function configReader({ configPath, cwd }: ProjectRequest): (dir: string) => Promise<FoundConfig> {
  if (configPath === undefined) return createConfigFinder();
  const given = readGiven(configPath, cwd);
  return () => given;
}

async function readGiven(written: string, cwd: string): Promise<FoundConfig> {
  const path = resolve(cwd, written);
  try {
    return { ...(await readLintConfig(readFileSync(path, 'utf8'), written)), path };
  } catch (error) {
    if (!['ENOENT', 'EISDIR', 'EACCES'].includes(systemErrorCode(error) ?? '')) throw error;
    throw new KnownError('CONFIG_INVALID', `The configuration ${JSON.stringify(written)} cannot be read.`, {
      exitCode: 2,
      cause: error,
    });
  }
}

function isExcluded(path: string, { path: configPath, exclude }: FoundConfig): boolean {
  if (configPath === undefined || exclude.length === 0) return false;
  const below = relative(dirname(configPath), path);
  return !below.startsWith('..') && new PatternMatcher(exclude, { code: 'CONFIG_INVALID' }).matches(below);
}

/** Whether a finding is at the level or above it. */
export function reachesLevel(severity: Severity, level: FailLevel): boolean {
  const order: readonly FailLevel[] = ['never', 'error', 'warning', 'info'];
  return order.indexOf(severity) <= order.indexOf(level);
}
