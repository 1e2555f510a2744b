import { createHash } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { ConformanceCase } from './case/conformance-case.ts';
import { writeCaseFiles } from './case/write-case-files.ts';
import type { BuildReply, BuildRequest, Driver } from './drivers/driver.ts';
import type { BaseImage } from './image/base-image.ts';
import { readOciArchive } from './image/read-image.ts';
import { readDockerArchive, readFiles } from './image/read-output.ts';
import { makeRepositories } from './offers/make-repositories.ts';
import type { Offers } from './offers/offers.ts';
import { describeFiles, describeImage } from './outcome/describe-image.ts';
import type { BuiltOutcome, Outcome } from './outcome/outcome.ts';
import { failureLine, failureMessage, warningsOf } from './outcome/read-reply.ts';
import { shownTexts } from './outcome/shown-texts.ts';

export interface BuildCaseOptions {
  readonly driver: Driver;
  readonly bases: readonly BaseImage[];
  readonly offers: Offers;
  readonly workDir: string;
  /** Who has to be able to read the case's files. */
  readonly user: string | undefined;
}

export interface BuiltCase {
  readonly outcome: Outcome;
  readonly output: string;
}

/** Lays out a case's files, has it built and reads what came of it. */
export async function buildCase(testCase: ConformanceCase, options: BuildCaseOptions): Promise<BuiltCase> {
  const { driver, offers, workDir, user } = options;
  const dir = join(workDir, 'cases', driver.name, testCase.group, testCase.name.replace(/[^A-Za-z0-9]+/g, '-'));
  rmSync(dir, { recursive: true, force: true });
  const substitute = (text: string): string => offers.substitute(text, dir);
  const mtime = contextTime(dir);
  writeCaseFiles(testCase, { dir, substitute, mtime, owner: user });
  makeRepositories(join(dir, 'git'));
  const request = buildRequest(testCase, { dir, substitute, bases: options.bases });
  const reply = await driver.build(request);
  const restore = (text: string): string => offers.restore(text, dir);
  const outcome = readOutcome(testCase, reply, request, { ...options, mtime, restore });
  rmSync(request.dest, { force: true, recursive: true });
  return { outcome, output: reply.output };
}

interface RequestOptions {
  readonly dir: string;
  readonly substitute: (text: string) => string;
  readonly bases: readonly BaseImage[];
}

function buildRequest(testCase: ConformanceCase, { dir, substitute, bases }: RequestOptions): BuildRequest {
  const args = testCase.args.map(substitute);
  const context = substitute(testCase.context);
  const dest = join(dir, 'image.tar');
  const isLocal = context !== '-' && !context.includes('://');
  const namesFile = args.some((arg) => arg === '-f' || arg === '--file' || arg.startsWith('--file='));
  return {
    dir,
    args: namesFile || !isLocal ? args : ['-f', join(context, 'Dockerfile'), ...args],
    env: Object.fromEntries(Object.entries(testCase.env).map(([name, value]) => [name, substitute(value)])),
    context,
    isLocal,
    stdin: testCase.stdin === undefined ? undefined : join(dir, 'context', testCase.stdin),
    bases: bases.filter(({ name }) => namesImage(testCase, name)),
    output:
      testCase.output === 'none' ? [] : ['-o', `type=${testCase.output},dest=${dest}${testCase.outputAttributes}`],
    dest,
    isLabs: testCase.isLabs,
  };
}

/** Whether a case has to find an image of this name. */
export function namesImage({ files, args }: ConformanceCase, name: string): boolean {
  if (args.some((arg) => arg.startsWith(`${name}=`))) return false;
  return files.some((file) => file.type === 'file' && file.content.includes(name));
}

/**
 * A time that no other case of this run or another has: BuildKit takes a file of the name, size and time of one that it
 * was sent before for that file, so small files of different cases would mix. Before all builds, so that it can be told
 * from their times.
 */
function contextTime(dir: string): number {
  return 1_500_000_000 + (createHash('sha256').update(`${dir} ${Date.now()}`).digest().readUInt32BE() % 100_000_000);
}

interface ReadOptions extends BuildCaseOptions {
  readonly mtime: number;
  readonly restore: (text: string) => string;
}

function readOutcome(
  testCase: ConformanceCase,
  reply: BuildReply,
  request: BuildRequest,
  options: ReadOptions,
): Outcome {
  const { driver, restore } = options;
  const warnings = driver.hasLines ? { warnings: warningsOf(reply) } : {};
  if (!reply.succeeded) {
    const line = driver.hasLines ? failureLine(reply) : undefined;
    const message = restore(failureMessage(reply));
    return { built: false, ...warnings, ...(line === undefined ? {} : { line }), message };
  }
  if (testCase.output !== 'none' && !existsSync(request.dest))
    return { built: false, ...warnings, message: 'the build succeeded and wrote no image' };
  try {
    const shown = testCase.shows.length > 0 ? { shown: shownTexts(testCase.shows, reply, request, restore) } : {};
    return { ...describeOutput(testCase, request.dest, options), ...shown, ...warnings };
  } catch (error) {
    return { built: false, ...warnings, message: `its image cannot be read: ${(error as Error).message}` };
  }
}

function describeOutput(
  { output }: ConformanceCase,
  dest: string,
  options: ReadOptions,
): Omit<BuiltOutcome, 'warnings'> {
  switch (output) {
    case 'none':
      return describeFiles([], options);
    case 'tar':
    case 'local':
      return describeFiles(readFiles(dest, output), options);
    case 'docker':
      return describeImage(readDockerArchive(dest), options.bases, options);
    case 'oci':
      return describeImage(readOciArchive(dest), options.bases, options);
  }
}
