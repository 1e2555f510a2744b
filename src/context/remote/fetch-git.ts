/**
 * Resolves and fetches git repositories with the git command, as a build context or for ADD. It knows repositories and
 * folders; what is built from them, it must not know. What surprises: the commit is found first and fetched as such,
 * so that what a cache key was made of is what arrives, even when a branch moves in between.
 */
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { ErrorCode } from '../../diagnostics/error-code.ts';
import { KnownError } from '../../diagnostics/known-error.ts';
import { redactUrls, stripControl } from '../../diagnostics/redact.ts';
import { type GitReference, isCommit } from './git-reference.ts';
import { GitError, GitMissingError, type RunGitOptions, runGit } from './run-git.ts';

export interface FetchGitOptions {
  /** PATH, HOME, SSH_AUTH_SOCK and the proxies' variables are passed on. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** Keeps `.git`; the reference's own word goes first. */
  readonly keepGitDir?: boolean | undefined;
  /** Of a failed fetch; CONTEXT_FETCH_FAILED unless told. */
  readonly code?: ErrorCode | undefined;
}

/** What a reference means now. */
export interface ResolvedGit {
  /** Commit id in hex: with the subdirectory, all that a cache key needs. */
  readonly commit: string;
  /** Full name such as `refs/tags/v1`, or the commit. */
  readonly ref: string;
}

/**
 * Asks the remote what a reference means; a whole commit id is taken as it stands.
 * @throws KnownError with `options.code`, ADD_CHECKSUM_MISMATCH; the signal's reason.
 */
export async function resolveGit(git: GitReference, options: FetchGitOptions): Promise<ResolvedGit> {
  if (git.ref !== undefined && isCommit(git.ref)) return checked(git, { commit: git.ref, ref: git.ref });
  const asked = git.ref ?? 'HEAD';
  const output = await run(git, ['ls-remote', '--', git.remote, asked, `${asked}^{}`], { ...options, cwd: '/' });
  const found = pickRef(output, asked);
  if (!found) throw failed(git, options, `it has no branch, tag or commit ${JSON.stringify(asked)}`);
  return checked(git, found);
}

/** Branches go before tags, as in `git checkout`; an annotated tag means its commit. */
export function pickRef(lsRemote: string, asked: string): ResolvedGit | undefined {
  const refs = new Map(
    lsRemote
      .split('\n')
      .map((line) => line.split('\t'))
      .flatMap(([commit = '', ref]) => (ref !== undefined && isCommit(commit) ? [[ref, commit] as const] : [])),
  );
  const bare = asked.replace(/^refs\//, '');
  const candidates = [asked, `refs/${bare}`, `refs/heads/${asked}`, `refs/tags/${asked}`];
  const ref = candidates.find((candidate) => refs.has(candidate));
  return ref === undefined ? undefined : { ref, commit: refs.get(`${ref}^{}`) ?? (refs.get(ref) as string) };
}

/**
 * Puts the files of a resolved reference, or of its subdirectory, into the empty folder `dir`, submodules included.
 * @throws KnownError with `options.code`; the signal's reason.
 */
export async function fetchGit(
  git: GitReference,
  resolved: ResolvedGit,
  dir: string,
  options: FetchGitOptions,
): Promise<void> {
  const work = mkdtempSync(join(dir, '.slipway-git-'));
  try {
    const checkout = join(work, 'checkout');
    mkdirSync(checkout);
    const inCheckout = { ...options, cwd: checkout };
    await fetchCommit(git, resolved, inCheckout);
    const keepGitDir = (git.keepGitDir ?? options.keepGitDir ?? false) && git.subdir === undefined;
    if (keepGitDir) await keepName(git, resolved, inCheckout);
    await run(git, ['checkout', '--quiet', '--detach', resolved.commit, '--'], inCheckout);
    if (git.submodules) {
      await run(git, ['submodule', '--quiet', 'update', '--init', '--recursive', '--depth=1'], inCheckout);
    }
    if (keepGitDir) await run(git, ['remote', 'set-url', 'origin', '--', redactUrls(git.remote)], inCheckout);
    else removeGitDirs(checkout);
    moveContents(subdirectory(git, checkout, options), dir);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function fetchCommit(git: GitReference, { commit, ref }: ResolvedGit, options: RunGitOptions): Promise<void> {
  const format = commit.length === 64 ? ['--object-format=sha256'] : [];
  await run(git, ['init', '--quiet', ...format], options);
  await run(git, ['remote', 'add', '--', 'origin', git.remote], options);
  const shallow = ['fetch', '--quiet', '--no-tags', '--depth=1', '--', 'origin'];
  if (await succeeds(git, [...shallow, commit], options)) return;
  // A server may refuse to send a commit by its id: then by its name, and at last everything.
  if (ref !== commit && (await succeeds(git, [...shallow, ref], options)) && (await hasCommit(git, commit, options))) {
    return;
  }
  await run(git, ['fetch', '--quiet', '--tags', '--', 'origin', '+refs/heads/*:refs/remotes/origin/*'], options);
}

/** The branch or tag that was asked for is there by its name, for whoever asks `git describe` in a step. */
async function keepName(git: GitReference, { ref }: ResolvedGit, options: RunGitOptions): Promise<void> {
  if (!/^refs\/(?:heads|tags)\//.test(ref)) return;
  const fetch = ['fetch', '--quiet', '--no-tags', '--update-head-ok', '--depth=1'];
  await run(git, [...fetch, '--', 'origin', `+${ref}:${ref}`], options);
}

async function succeeds(git: GitReference, args: readonly string[], options: RunGitOptions): Promise<boolean> {
  try {
    await runGit(args, options);
    return true;
  } catch (error) {
    if (error instanceof GitError) return false;
    throw translated(git, error, options);
  }
}

function hasCommit(git: GitReference, commit: string, options: RunGitOptions): Promise<boolean> {
  return succeeds(git, ['cat-file', '-e', `${commit}^{commit}`], options);
}

async function run(git: GitReference, args: readonly string[], options: RunGitOptions): Promise<string> {
  try {
    return await runGit(args, options);
  } catch (error) {
    throw translated(git, error, options);
  }
}

function translated(git: GitReference, error: unknown, options: FetchGitOptions): unknown {
  if (error instanceof GitMissingError) return failed(git, options, 'the git command is not installed');
  return error instanceof GitError ? failed(git, options, error.message, error.stderr) : error;
}

function failed(git: GitReference, options: FetchGitOptions, why: string, stderr?: string): KnownError {
  const remote = JSON.stringify(redactUrls(git.remote));
  const reason = stripControl(redactUrls(why)).replace(/\.$/, '');
  return new KnownError(options.code ?? 'CONTEXT_FETCH_FAILED', `${remote} could not be fetched: ${reason}.`, {
    hint: 'Check the address and the ref; for private repositories use ssh with an agent, since nothing is prompted for.',
    details: stderr === undefined ? undefined : stripControl(redactUrls(stderr)).trim(),
  });
}

function checked(git: GitReference, resolved: ResolvedGit): ResolvedGit {
  if (git.checksum === undefined || resolved.commit.startsWith(git.checksum)) return resolved;
  const message = `${redactUrls(git.remote)} has the commit ${resolved.commit} at ${resolved.ref}, not ${git.checksum}.`;
  throw new KnownError('ADD_CHECKSUM_MISMATCH', message, {
    hint: 'The repository is not what the checksum was made of: find out why before you change the checksum.',
  });
}

/** Submodules have a file of that name, which would tell where they were fetched to. */
function removeGitDirs(dir: string): void {
  for (const dirent of readdirSync(dir, { withFileTypes: true })) {
    const path = join(dir, dirent.name);
    if (dirent.name === '.git') rmSync(path, { recursive: true });
    else if (dirent.isDirectory()) removeGitDirs(path);
  }
}

/** Each name on the way must be a directory: a repository's symlink could lead anywhere on this machine. */
function subdirectory(git: GitReference, checkout: string, options: FetchGitOptions): string {
  let path = checkout;
  for (const name of git.subdir?.split('/') ?? []) {
    path = join(path, name);
    if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory()) continue;
    throw failed(git, options, `it has no directory ${JSON.stringify(git.subdir)}`);
  }
  return path;
}

function moveContents(from: string, to: string): void {
  for (const name of readdirSync(from)) renameSync(join(from, name), join(to, name));
}
