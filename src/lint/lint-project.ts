import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Severity } from '../diagnostics/diagnostic.ts';
import { KnownError } from '../diagnostics/known-error.ts';
import type { FailLevel } from './config/lint-config.ts';
import { findDockerfiles } from './find-dockerfiles.ts';
import type { FilesRequest, LintedFile } from './lint-files.ts';
import { type LintThreads, lintInThreads } from './threads/lint-in-threads.ts';

export interface ProjectRequest extends FilesRequest {
  /** Dockerfiles, or directories that hold some; relative to `cwd`. */
  readonly paths: readonly string[];
  /** Share the work where files are many. Absent: this thread does all. */
  readonly threads?: LintThreads | undefined;
  readonly signal: AbortSignal;
}

export interface LintedProject {
  readonly files: readonly LintedFile[];
  /** Of the first configuration that says something. */
  readonly failOn: FailLevel | undefined;
}

/** A Dockerfile larger than this is none. */
const MOST_BYTES = 16 * 1024 * 1024;

/** Results stand in the order of `paths`, and of the paths below each. @throws KnownError DOCKERFILE_NOT_FOUND, CONFIG_INVALID */
export async function lintProject({ paths, threads, signal, ...request }: ProjectRequest): Promise<LintedProject> {
  const found = paths.flatMap((written) => dockerfilesAt(written, request.cwd));
  const files = await lintInThreads(found, request, { threads, signal });
  return { files, failOn: files.find(({ failOn }) => failOn !== undefined)?.failOn };
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

/** Whether a finding is at the level or above it. */
export function reachesLevel(severity: Severity, level: FailLevel): boolean {
  const order: readonly FailLevel[] = ['never', 'error', 'warning', 'info'];
  return order.indexOf(severity) <= order.indexOf(level);
}
