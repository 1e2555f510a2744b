/**
 * What a build has to tell other stores: which of its steps have a result, of which layers that is made, and what was
 * selected from it. Nothing is compressed or sent here.
 */
import { secretLeaks } from '../../distribution/secret-leaks.ts';
import type { Store } from '../../distribution/store.ts';
import type { DiffId, Digest } from '../../image/digest.ts';
import { diffIdOf, type LayerOptions } from '../../rootfs/layer-from-snapshot.ts';
import type { Snapshot } from '../../rootfs/snapshot.ts';
import type { CacheStore } from '../cache/cache-store.ts';
import type { BringOptions, ImportedLayer, ImportedSteps } from '../cache/imported-steps.ts';
import { layerStack } from '../graph/layer-stack.ts';
import type { Vertex } from '../graph/vertex.ts';
import type { SolvedVertex } from '../solver/op-runner.ts';

/** What other steps selected from each step's files, by the step's key. */
export type Selections = ReadonlyMap<Digest, ReadonlyMap<string, Digest>>;

/** A layer and where its bytes can be had. */
export type CollectedLayer = { readonly diffId: DiffId; readonly sizeBytes: number } & (
  | { readonly snapshot: Snapshot }
  /** As another store's cache has it: its files are not here. */
  | { readonly snapshot: undefined; readonly imported: ImportedLayer }
);

export interface CollectedRecord {
  readonly key: Digest;
  readonly createdMs: number;
  readonly durationMs: number;
  readonly base: Digest | undefined;
  /** Above the base, lowest first; undefined when only the selections are told. */
  readonly layers: readonly CollectedLayer[] | undefined;
  readonly selections: ReadonlyMap<string, Digest>;
  /** See `CacheEntry`. */
  readonly epochSeconds?: number | undefined;
}

export interface CollectOptions {
  readonly store: Store;
  readonly cache: Pick<CacheStore, 'lookup'>;
  readonly imports: ImportedSteps | undefined;
  readonly solved: ReadonlyMap<Digest, SolvedVertex>;
  readonly selections: Selections;
  /** Layers that hold a secret go along all the same. */
  readonly allowSecretLeak: boolean;
  /** Whether the result of a vertex goes along, or its selections alone. */
  hasLayers(vertex: Vertex): boolean;
  /** Whether an imported layer will not do as it is; then the files are fetched. */
  needsFiles?(layer: ImportedLayer): boolean;
  readonly bring: BringOptions;
  /** How the layers are written; whole seconds and no more unless told. */
  readonly layerOptions?: LayerOptions;
}

export interface Collected {
  readonly records: readonly CollectedRecord[];
  /** Names of steps whose layers stay here, since a secret is in them or below them. */
  readonly leaking: readonly string[];
}

/** One a key, inputs before their users. */
export async function collectRecords(vertices: readonly Vertex[], options: CollectOptions): Promise<Collected> {
  const records = new Map<Digest, CollectedRecord>();
  const leaking: string[] = [];
  for (const vertex of vertices) {
    const solved = options.solved.get(vertex.digest);
    if (!solved || vertex.op.kind === 'context' || records.has(solved.key.digest)) continue;
    const result = options.hasLayers(vertex) ? await resultOf(vertex, solved, options) : undefined;
    const isLeaking = result !== undefined && !options.allowSecretLeak && hasLeak(options.store, result.layers);
    if (isLeaking) leaking.push(vertex.name);
    const selections = options.selections.get(solved.key.digest) ?? new Map<string, Digest>();
    const { createdMs = 0, durationMs = 0, layers, epochSeconds } = (isLeaking ? undefined : result) ?? {};
    if (!layers && selections.size === 0) continue;
    const { base } = layerStack(vertex);
    records.set(solved.key.digest, {
      key: solved.key.digest,
      createdMs,
      durationMs,
      base,
      layers,
      selections,
      epochSeconds,
    });
  }
  return { records: [...records.values()], leaking: [...new Set(leaking)] };
}

interface StepResult {
  readonly createdMs: number;
  readonly durationMs: number;
  readonly layers: readonly CollectedLayer[];
  readonly epochSeconds?: number | undefined;
}

async function resultOf(
  vertex: Vertex,
  { key }: SolvedVertex,
  options: CollectOptions,
): Promise<StepResult | undefined> {
  if (vertex.op.kind === 'image') return undefined;
  const hit = await options.cache.lookup(key.digest);
  if (hit) {
    const { createdMs, durationMs } = hit.record;
    const layers = await ownLayers(hit.snapshot, layerStack(vertex).count, options.layerOptions);
    return layers && { createdMs, durationMs, layers };
  }
  const imported = options.imports?.find(vertex, key.digest);
  if (!imported) return undefined;
  const { createdMs, durationMs, epochSeconds } = imported;
  if (options.needsFiles && imported.layers.some(options.needsFiles)) {
    const snapshot = await imported.snapshot(options.bring);
    const layers = await ownLayers(snapshot, layerStack(vertex).count, options.layerOptions);
    return layers && { createdMs, durationMs, layers, epochSeconds };
  }
  const layers = imported.layers.map((layer) => {
    return { diffId: layer.diffId, sizeBytes: layer.sizeBytes, snapshot: undefined, imported: layer };
  });
  return { createdMs, durationMs, layers, epochSeconds };
}

/** Each step on the way from the base made one snapshot of the chain. */
async function ownLayers(
  top: Snapshot,
  count: number,
  layerOptions: LayerOptions | undefined,
): Promise<readonly CollectedLayer[] | undefined> {
  const chain: Snapshot[] = [];
  for (let next: Snapshot | undefined = top; next && chain.length < count; next = next.parent) chain.unshift(next);
  if (chain.length !== count) return undefined;
  const layers: CollectedLayer[] = [];
  for (const snapshot of chain) {
    const { diffId, sizeBytes } = await diffIdOf(snapshot, layerOptions);
    layers.push({ diffId, sizeBytes, snapshot });
  }
  return layers;
}

function hasLeak({ root }: Store, layers: readonly CollectedLayer[]): boolean {
  return (
    secretLeaks(
      root,
      layers.map(({ diffId }) => diffId),
    ).length > 0
  );
}
