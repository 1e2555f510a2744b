import { contentDigest } from '../../context/content-digest.ts';
import { type FileDigests, forgetfulFileDigests } from '../../context/file-digests.ts';
import type { FileTree } from '../../context/file-tree.ts';
import { PatternMatcher } from '../../context/pattern/pattern-matcher.ts';
import { type FileSelection, selectFiles } from '../../context/select-files.ts';
import type { Digest } from '../../image/digest.ts';
import { openLayeredView } from '../../rootfs/layered-view.ts';
import type { OpContext, SolvedInput } from '../solver/op-runner.ts';
import type { OpEnvironment } from './op-environment.ts';
import { sourceMissing } from './source-missing.ts';

/** What is taken from an input: a pattern and what narrows it. */
export interface SourceRequest {
  readonly pattern: string;
  /** No wildcards in it. */
  readonly literal?: boolean;
  readonly exclude?: readonly string[];
  readonly parents?: boolean;
  /** A directory stands for what is in it, not for its own mode and owner. */
  readonly contentsOnly?: boolean;
  /** As written it led out of the root; for the hint when it is not there. */
  readonly leavesRoot?: boolean;
}

export interface Source {
  readonly tree: FileTree;
  readonly selection: FileSelection;
}

interface SourceTree {
  readonly tree: FileTree;
  readonly digests: FileDigests;
  /** Names the files for good when they cannot change: a snapshot's id. */
  readonly snapshotId: string | undefined;
}

/** What is selected from a step's files, by what decides it; the digest of it travels with the step's record. */
export function selectionName(request: SourceRequest): string {
  const { pattern, literal = false, exclude = [], parents = false, contentsOnly = false } = request;
  return JSON.stringify([pattern, literal, exclude, parents, contentsOnly]);
}

/** The files an input stands for: a context's, read in place, or those of a stage's snapshot. */
async function openSource(environment: OpEnvironment, input: SolvedInput, context: OpContext): Promise<SourceTree> {
  const { op, step } = input.vertex;
  if (op.kind === 'context') {
    const { tree, digests, snapshotId } = await environment.contextTree(op.name, context.signal);
    return { tree, digests, snapshotId };
  }
  const snapshot = await input.snapshot();
  const name = step ? `stage "${step.stage}"` : op.kind === 'image' ? `image ${op.reference}` : 'the stage';
  return {
    tree: openLayeredView(snapshot, name),
    digests: forgetfulFileDigests({ now: Date.now }),
    snapshotId: snapshot?.id ?? 'scratch',
  };
}

/** @throws KnownError COPY_SOURCE_MISSING, with what was probably meant. */
export async function selectSource(
  environment: OpEnvironment,
  input: SolvedInput,
  { request, context }: { readonly request: SourceRequest; readonly context: OpContext },
): Promise<Source> {
  const { tree } = await openSource(environment, input, context);
  return { tree, selection: select(tree, request) };
}

/**
 * Digest of the files that a request selects from an input. For a stage's files it is remembered by snapshot, since those
 * never change: a cached build reads none of them.
 */
export async function sourceDigest(
  environment: OpEnvironment,
  input: SolvedInput,
  { request, context }: { readonly request: SourceRequest; readonly context: OpContext },
): Promise<Digest> {
  const name = selectionName(request);
  const claimed = input.selection?.(name);
  const digest = claimed ?? (await computedDigest(environment, input, { request, context }));
  if (input.vertex.op.kind !== 'context') environment.onSelection?.(input.key.digest, { name, digest });
  return digest;
}

async function computedDigest(
  environment: OpEnvironment,
  input: SolvedInput,
  { request, context }: { readonly request: SourceRequest; readonly context: OpContext },
): Promise<Digest> {
  const { tree, digests, snapshotId } = await openSource(environment, input, context);
  const identity = snapshotId && JSON.stringify([snapshotId, request]);
  const remembered = identity && environment.selectionMemo.get(identity);
  if (remembered) return remembered;
  const options = { digests, contentsOnly: request.contentsOnly, signal: context.signal };
  const content = await contentDigest(tree, [select(tree, request)], options);
  const digest = content.digest as Digest;
  environment.keepManifest?.(digest, () => content.manifest);
  if (identity) environment.selectionMemo.set(identity, digest);
  else digests.save();
  return digest;
}

function select(tree: FileTree, request: SourceRequest): FileSelection {
  const exclude = request.exclude && request.exclude.length > 0 ? new PatternMatcher(request.exclude) : undefined;
  const selection = selectFiles(tree, request.literal ? escapeWildcards(request.pattern) : request.pattern, {
    exclude,
    parents: request.parents,
  });
  if (!selection) throw sourceMissing(tree, request.pattern, request.leavesRoot);
  return selection;
}

function escapeWildcards(path: string): string {
  return path.replace(/[\\*?[]/g, '\\$&');
}
