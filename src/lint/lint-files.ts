import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { PatternMatcher } from '../context/pattern/pattern-matcher.ts';
import { KnownError } from '../diagnostics/known-error.ts';
import { type ConfigRequest, configReader, type FoundConfig } from './config/find-config.ts';
import type { FailLevel } from './config/lint-config.ts';
import { type FixedDockerfile, type FixMode, fixDockerfile } from './fix/fix-dockerfile.ts';
import { guessContext } from './guess-context.ts';
import { type LintReport, type LintRequest, type LintSettings, lint, readDockerfile } from './lint.ts';
import type { ShellChecker } from './shellcheck/shell-checker.ts';
import { ShellcheckProcess } from './shellcheck/shellcheck-process.ts';
import { LintContext } from './subject/lint-context.ts';
import { measuredSteps, type StepDurations } from './subject/measured-steps.ts';

/** How files are linted: plain data, since threads hand it on. */
export interface FilesRequest extends ConfigRequest {
  /** The build context of all of them; guessed from what each copies unless given. */
  readonly contextDir?: string | undefined;
  readonly strict?: boolean | undefined;
  /** Stronger than those of the configuration. */
  readonly severities?: LintSettings['severities'] | undefined;
  /** Makes fixes, in memory; see `writeChanges`. */
  readonly fix?: FixMode | undefined;
  /** The program `shellcheck`, to be asked about RUN steps. */
  readonly shellcheck?: string | undefined;
  /** What builds of a Dockerfile measured, by its absolute path. Absent: nothing is known. */
  readonly measured?: ReadonlyMap<string, StepDurations> | undefined;
}

export interface LintedFile {
  /** Absolute. */
  readonly path: string;
  /** Absolute. */
  readonly contextDir: string;
  /** What its configuration says. */
  readonly failOn: FailLevel | undefined;
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

/** Lints one file after another. undefined: its configuration excludes it. @throws KnownError CONFIG_INVALID */
export type FileLinter = (path: string) => Promise<LintedFile | undefined>;

/** What files have in common is read once; so many contexts are remembered, each of which may hold the names of many files. */
export function createFileLinter(request: FilesRequest, mostContexts: number): FileLinter {
  const configs = configReader(request);
  const scope = {
    request,
    settingsOf: settingsReader(request),
    contextOf: contextOpener(mostContexts),
    shellChecker: shellCheckerOf(request),
  };
  return async (path) => {
    const config = await configs(dirname(path));
    return isExcluded(path, config) ? undefined : lintFile(path, config, scope);
  };
}

/** A text that comes from nowhere: its context is what the request says, or unknown. */
export async function lintText(source: string, request: FilesRequest): Promise<LintedFile> {
  const { cwd, contextDir, fix } = request;
  const config = await configReader(request)(cwd);
  const context = contextDir === undefined ? undefined : new LintContext(resolve(cwd, contextDir));
  const settings = settingsReader(request)(config);
  const asked: LintRequest = { file: 'Dockerfile', source, context, settings, shellChecker: shellCheckerOf(request) };
  const fixed = fix && (await fixDockerfile(asked, fix));
  const path = resolve(cwd, 'Dockerfile');
  const changes = fixed && fixed.source !== source ? [{ path, before: source, after: fixed.source }] : [];
  const report = fixed?.report ?? (await lint(asked));
  const { failOn } = config;
  return { path, contextDir: context?.dir ?? cwd, failOn, report, applied: fixed?.applied ?? [], changes };
}

export function shownPath(path: string, cwd: string): string {
  const below = relative(cwd, path);
  return below === '' || below.startsWith('..') ? path : below;
}

/** What files of a project share. */
interface ProjectScope {
  readonly request: FilesRequest;
  readonly settingsOf: (config: FoundConfig) => LintSettings;
  readonly contextOf: (dir: string, dockerfile: string) => LintContext;
  readonly shellChecker: ShellChecker | undefined;
}

async function lintFile(path: string, config: FoundConfig, scope: ProjectScope): Promise<LintedFile> {
  const { request, settingsOf, contextOf, shellChecker } = scope;
  const { cwd, fix } = request;
  const { failOn } = config;
  const source = readFileSync(path, 'utf8');
  const file = shownPath(path, cwd);
  const parsed = readDockerfile(source, file);
  const dockerfile = parsed instanceof KnownError ? undefined : parsed;
  const guessed = dockerfile ? guessContext(path, dockerfile, cwd) : dirname(path);
  const contextDir = request.contextDir === undefined ? guessed : resolve(cwd, request.contextDir);
  const context = contextOf(contextDir, path);
  const durations = request.measured?.get(path);
  const measured = dockerfile && durations && measuredSteps(dockerfile, durations);
  const asked: LintRequest = { file, source, parsed, context, settings: settingsOf(config), shellChecker, measured };
  if (!fix) return { path, contextDir, failOn, report: await lint(asked), applied: [], changes: [] };
  const fixed = await fixDockerfile(asked, fix);
  const writes = fixed.writes.map((write) => ({
    path: join(contextDir, write.path),
    before: context.readText(write.path),
    after: write.text,
  }));
  const own = fixed.source === source ? [] : [{ path, before: source, after: fixed.source }];
  return { path, contextDir, failOn, report: fixed.report, applied: fixed.applied, changes: [...own, ...writes] };
}

function shellCheckerOf({ shellcheck }: FilesRequest): ShellChecker | undefined {
  return shellcheck === undefined ? undefined : new ShellcheckProcess(shellcheck);
}

/** One object for each configuration. */
function settingsReader({ strict, severities }: FilesRequest): ProjectScope['settingsOf'] {
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
function contextOpener(most: number): ProjectScope['contextOf'] {
  const known = new Map<string, LintContext>();
  return (dir, dockerfile) => {
    if (existsSync(`${dockerfile}.dockerignore`)) return new LintContext(dir, dockerfile);
    const context = known.get(dir) ?? new LintContext(dir, dockerfile);
    const [oldest] = known.size >= most ? known.keys() : [];
    if (oldest !== undefined) known.delete(oldest);
    known.set(dir, context);
    return context;
  };
}

function isExcluded(path: string, { path: configPath, exclude }: FoundConfig): boolean {
  if (configPath === undefined || exclude.length === 0) return false;
  const below = relative(dirname(configPath), path);
  return !below.startsWith('..') && new PatternMatcher(exclude, { code: 'CONFIG_INVALID' }).matches(below);
}
