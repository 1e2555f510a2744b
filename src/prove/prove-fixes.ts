/**
 * What fixes bring, measured: the Dockerfile before and after is built in stores of their own, from nothing and again with
 * one line changed. The user's files are not touched: both builds see a copy of the context.
 */
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from '../build/build.ts';
import type { BuildOptions, BuildResult } from '../build/build-options.ts';
import { copyBases } from '../build/copy-bases.ts';
import { RegistryAccess } from '../distribution/registry-access.ts';
import { openStore, type Store } from '../distribution/store.ts';
import { changeOneLine, findChangeable } from './one-line.ts';

export interface ProveRequest extends Omit<BuildOptions, 'context' | 'dockerfile'> {
  /** Absolute. */
  readonly contextDir: string;
  /** Texts of the Dockerfile. */
  readonly before: string;
  readonly after: string;
  /** Files beside it that the fixes write: path in the context → text. */
  readonly writes: Readonly<Record<string, string>>;
}

export interface Measurement {
  /** Uncompressed bytes of all layers. */
  readonly sizeBytes: number;
  readonly layers: number;
  readonly coldMs: number;
  /** undefined where the context has no file that a person would edit. */
  readonly changedMs: number | undefined;
}

export interface Proof {
  readonly before: Measurement;
  readonly after: Measurement;
  /** The file whose line was changed. */
  readonly changedFile: string | undefined;
}

/** Takes as long as four builds. @throws KnownError as `build` */
export async function proveFixes(request: ProveRequest): Promise<Proof> {
  const changedFile = findChangeable(request.contextDir);
  const measureWith = (text: string, writes: ProveRequest['writes']): Promise<Measurement> =>
    measure(request, { text, writes, changedFile });
  const before = await measureWith(request.before, {});
  const after = await measureWith(request.after, request.writes);
  return { before, after, changedFile };
}

interface Variant {
  readonly text: string;
  readonly writes: ProveRequest['writes'];
  readonly changedFile: string | undefined;
}

async function measure(request: ProveRequest, { text, writes, changedFile }: Variant): Promise<Measurement> {
  const dir = mkdtempSync(join(tmpdir(), 'slipway-prove-'));
  try {
    const context = join(dir, 'context');
    cpSync(request.contextDir, context, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
    for (const [path, content] of Object.entries(writes)) writeFileSync(join(context, path), content);
    const dockerfile = join(dir, 'Dockerfile');
    writeFileSync(dockerfile, text);
    const store = openStore(join(dir, 'store'));
    const options = { ...request, context, dockerfile, storeRoot: store.root };
    await takeBases(openStore(request.storeRoot), store, { ...options, storeRoot: request.storeRoot });
    const cold = await timed(options);
    const changedMs = changedFile === undefined ? undefined : await timeChanged(options, join(context, changedFile));
    return { sizeBytes: cold.result.sizeBytes, layers: cold.result.layers, coldMs: cold.ms, changedMs };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function takeBases(from: Store, to: Store, options: BuildOptions): Promise<void> {
  await using registry = new RegistryAccess(options.env);
  await copyBases(from, to, { options, registry });
}

async function timeChanged(options: BuildOptions, file: string): Promise<number> {
  changeOneLine(file);
  return (await timed(options)).ms;
}

async function timed(options: BuildOptions): Promise<{ readonly result: BuildResult; readonly ms: number }> {
  const startMs = performance.now();
  const result = await build({ ...options, exports: [STORE_EXPORT] });
  return { result, ms: performance.now() - startMs };
}

const STORE_EXPORT = { type: 'store', names: [], push: false, compression: 'gzip', tar: true } as const;
