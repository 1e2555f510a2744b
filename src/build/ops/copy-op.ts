/**
 * COPY and ADD: files selected from contexts, stages or images, heredocs and archives, written into the root. Keyed by
 * the content it selects, never by times. Where things land follows BuildKit: see copy-destination.ts.
 */
import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { openLayeredView } from '../../rootfs/layered-view.ts';
import { resolveOwner } from '../../rootfs/resolve-user.ts';
import { RootWriter } from '../../rootfs/root-writer.ts';
import type { ActiveSnapshot } from '../../rootfs/snapshot.ts';
import { cacheKey } from '../cache/cache-key.ts';
import type { CopyOp, CopySource } from '../graph/op.ts';
import type { OpContext, OpRunner, SolvedInput } from '../solver/op-runner.ts';
import { parseChmod } from './chmod.ts';
import { CopyDestination } from './copy-destination.ts';
import type { OpEnvironment } from './op-environment.ts';
import { type SourceRequest, selectSource, sourceDigest } from './source-tree.ts';
import { unpackArchive } from './unpack-archive.ts';

type PathSource = Extract<CopySource, { type: 'path' }>;

export function copyOp(environment: OpEnvironment): OpRunner<'copy'> {
  return {
    contentInputs: (op) => op.sources.flatMap((source) => (source.type === 'path' ? [source.input] : [])),

    async cacheKey(op, inputs, context) {
      const digests = await Promise.all(
        op.sources.map((source) => digestOf(environment, { op, source, inputs, context })),
      );
      const root = op.onScratch ? [] : inputs.slice(0, 1);
      return cacheKey(
        { ...describe(op), ...Object.fromEntries(digests.map((digest, index) => [`source ${index}`, digest])) },
        root.map(({ key }) => key.digest),
      );
    },

    async run(op, inputs, context) {
      const parent = op.onScratch ? undefined : await inputs[0]?.snapshot();
      await using active = await environment.snapshotter.prepare(parent);
      await writeSources(environment, active, { op, inputs, context });
      return await active.commit();
    },
  };
}

interface Copy {
  readonly op: CopyOp;
  readonly inputs: readonly SolvedInput[];
  readonly context: OpContext;
}

/** Everything that decides the result but the files themselves. */
function describe(op: CopyOp): Record<string, string> {
  return {
    operation: 'copy',
    sources: JSON.stringify(
      op.sources.map((source) =>
        source.type === 'path'
          ? { ...source, pattern: keyedPattern(op, source), input: undefined, leavesRoot: undefined }
          : source.fileName,
      ),
    ),
    destination: op.destination,
    chown: op.chown ?? '',
    chmod: op.chmod ?? '',
    parents: String(op.parents),
    exclude: JSON.stringify(op.exclude),
    epoch: String(op.epochSeconds ?? ''),
  };
}

/** As in BuildKit the folder that a source lies in takes no part: it is not part of any name below the destination. */
function keyedPattern(op: CopyOp, { pattern, include }: PathSource): string {
  return op.parents || include !== undefined ? pattern : posix.basename(pattern);
}

async function digestOf(
  environment: OpEnvironment,
  { op, source, inputs, context }: Copy & { readonly source: CopySource },
): Promise<string> {
  if (source.type === 'inline') return `sha256:${createHash('sha256').update(source.content).digest('hex')}`;
  return sourceDigest(environment, inputAt(inputs, source), { request: requestOf(op, source), context });
}

function inputAt(inputs: readonly SolvedInput[], source: PathSource): SolvedInput {
  const input = inputs[source.input];
  if (!input) throw new Error(`a copy names input ${source.input} of ${inputs.length}`);
  return input;
}

function requestOf(op: CopyOp, { pattern, include, literal, leavesRoot }: PathSource): SourceRequest {
  return {
    pattern: include === undefined ? pattern : `${pattern.replace(/\/+$/, '')}/./${include}`,
    // The directory that the contents go into is made as any new one, see copy-destination.ts.
    contentsOnly: true,
    ...(literal ? { literal } : {}),
    ...(leavesRoot ? { leavesRoot } : {}),
    ...(op.exclude.length > 0 ? { exclude: op.exclude } : {}),
    ...(op.parents ? { parents: true } : {}),
  };
}

async function writeSources(
  environment: OpEnvironment,
  active: ActiveSnapshot,
  { op, inputs, context }: Copy,
): Promise<void> {
  const owner =
    op.chown === undefined ? { uid: 0, gid: 0 } : resolveOwner(openLayeredView(active.parent, 'the stage'), op.chown);
  const chmod = op.chmod === undefined ? undefined : parseChmod(op.chmod);
  const destination = new CopyDestination(new RootWriter(active), {
    op,
    owner: op.chown === undefined ? undefined : owner,
    chmod,
  });
  for (const source of op.sources) {
    context.signal.throwIfAborted();
    if (source.type === 'inline') destination.putInline(source.fileName, source.content);
    else await putPath(environment, destination, { op, source, inputs, context });
  }
  destination.finish();
}

async function putPath(
  environment: OpEnvironment,
  destination: CopyDestination,
  { op, source, inputs, context }: Copy & { readonly source: PathSource },
): Promise<void> {
  const { tree, selection } = await selectSource(environment, inputAt(inputs, source), {
    request: requestOf(op, source),
    context,
  });
  for (const match of selection.matches) {
    if (
      source.unpack !== 'never' &&
      match.source.type === 'file' &&
      (await unpackArchive(match.source, destination, context.signal))
    )
      continue;
    await destination.putMatch(tree, match, context.signal);
  }
}
