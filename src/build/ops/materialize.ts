import type { FileEntry } from '../../context/file-tree.ts';
import type { SelectedSource } from '../../context/select-files.ts';
import { RootWriter } from '../../rootfs/root-writer.ts';
import type { Snapshot } from '../../rootfs/snapshot.ts';
import { cacheKey } from '../cache/cache-key.ts';
import type { OpContext, SolvedInput } from '../solver/op-runner.ts';
import { CopyDestination } from './copy-destination.ts';
import type { OpEnvironment } from './op-environment.ts';
import { type SourceRequest, selectSource, sourceDigest } from './source-tree.ts';

export interface MaterializeOptions {
  /** File or folder in the input; `/` is all of it. */
  readonly path: string;
  readonly context: OpContext;
}

/**
 * A snapshot in which the files of an input lie at their own paths. A stage's snapshot is that already; files of a context are
 * copied, with the owners they have in images and without what .dockerignore hides, once for equal content.
 */
export async function materialize(
  environment: OpEnvironment,
  input: SolvedInput,
  { path, context }: MaterializeOptions,
): Promise<Snapshot | undefined> {
  if (input.vertex.op.kind !== 'context') return input.snapshot();
  const request: SourceRequest = { pattern: path, literal: true };
  const content = await sourceDigest(environment, input, { request, context });
  const key = cacheKey({ operation: 'materialize', path, content }, []);
  const hit = await environment.cache.lookup(key.digest);
  if (hit) return hit.snapshot;
  await using active = await environment.snapshotter.prepare(undefined);
  await copyInto(new RootWriter(active), environment, { input, request, destination: path, context });
  const snapshot = await active.commit();
  await environment.cache.record({
    key,
    snapshotId: snapshot.id,
    createdMs: Date.now(),
    durationMs: 0,
    name: `[internal] files of ${input.vertex.name}`,
  });
  return snapshot;
}

/** Copies files of an input into an empty directory of this machine (a new cache mount). Returns what the source itself is. */
export async function copyFiles(
  environment: OpEnvironment,
  input: SolvedInput,
  { path, context, directory }: MaterializeOptions & { readonly directory: string },
): Promise<FileEntry | undefined> {
  const writer = new RootWriter({ parent: undefined, diffDir: directory, owners: new Map() });
  const request: SourceRequest = { pattern: path, literal: true };
  const [match] = await copyInto(writer, environment, { input, request, destination: '/', context });
  return match?.isDirectory ? match.source : undefined;
}

interface CopyInto {
  readonly input: SolvedInput;
  readonly request: SourceRequest;
  readonly destination: string;
  readonly context: OpContext;
}

async function copyInto(
  writer: RootWriter,
  environment: OpEnvironment,
  { input, request, destination, context }: CopyInto,
): Promise<readonly SelectedSource[]> {
  const { tree, selection } = await selectSource(environment, input, { request, context });
  const target = new CopyDestination(writer, {
    op: { destination, parents: false },
    owner: undefined,
    chmod: undefined,
  });
  for (const match of selection.matches) await target.putMatch(tree, match, context.signal);
  target.finish();
  return selection.matches;
}
