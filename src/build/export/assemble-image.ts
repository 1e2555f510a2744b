/**
 * From a solved plan to an image: the layers in order with their diff ids, the config with its history. No bytes are
 * compressed or written here.
 */
import type { Digest } from '../../image/digest.ts';
import type { ImageConfig } from '../../image/image-config.ts';
import { diffIdOf } from '../../rootfs/layer-from-snapshot.ts';
import type { Snapshot } from '../../rootfs/snapshot.ts';
import { BrokenImportError, type ImportedStep } from '../cache/imported-steps.ts';
import type { BuildPlan, PlannedHistory } from '../frontend/build-plan.ts';
import type { BuiltImage, BuiltLayer } from './built-image.ts';
import { fillCreated, type UntimedHistoryEntry } from './image-history.ts';

export interface AssembleOptions {
  /** The target's root; undefined when it is the base itself and nothing needed its files, or an empty scratch. */
  readonly root: Snapshot | undefined;
  /** The target's own layers in place of a root, when another store made them and nobody needs their files. */
  readonly imported?: ImportedStep | undefined;
  /** Layers of the base, in the order of its diff ids. */
  readonly baseLayers: readonly BuiltLayer[];
  /** When the step of a vertex ran, milliseconds; undefined when it is not known. */
  createdMs(vertex: Digest): number | undefined;
}

/** Diff ids of new layers are computed here, which reads their files once; they are remembered beside the snapshot. */
export async function assembleImage(plan: BuildPlan, options: AssembleOptions): Promise<BuiltImage> {
  const made = plan.history.filter(({ vertex }) => vertex !== undefined);
  const { imported, root } = options;
  const own = imported ? importedLayers(imported, made.length) : await ownLayers(plan, root, made.length);
  const layers = [...options.baseLayers, ...own];
  return { config: imageConfig(plan, options, layers), layers, root: options.root, epochSeconds: plan.epochSeconds };
}

/** They are what the export passes on, as a base's layers are. */
function importedLayers({ layers, source }: ImportedStep, count: number): readonly BuiltLayer[] {
  if (layers.length !== count) throw new BrokenImportError(source, `it has ${layers.length} layers for ${count} steps`);
  return layers.map(({ diffId, sizeBytes, blob }) => ({ diffId, sizeBytes, snapshot: undefined, blob }));
}

/** Each step that made a layer made one snapshot of the chain, so the top of the chain is the build's own. */
async function ownLayers(plan: BuildPlan, root: Snapshot | undefined, count: number): Promise<BuiltLayer[]> {
  const chain: Snapshot[] = [];
  for (let next = root; next && chain.length < count; next = next.parent) chain.unshift(next);
  if (chain.length !== count) throw new Error(`the target has ${chain.length} snapshots for ${count} steps`);
  const layers: BuiltLayer[] = [];
  for (const snapshot of chain) {
    const { diffId, sizeBytes } = await diffIdOf(snapshot, { epochSeconds: plan.epochSeconds });
    layers.push({ diffId, sizeBytes, snapshot, blob: undefined });
  }
  return layers;
}

/** Keys stand in the order in which docker's own configs have them: people read and compare these files. */
function imageConfig(plan: BuildPlan, options: AssembleOptions, layers: readonly BuiltLayer[]): ImageConfig {
  const base = plan.base?.image.config;
  const own = plan.history.map((entry) => historyEntry(entry, plan, options));
  const history = fillCreated(base?.history ?? [], own);
  const created = plan.epochSeconds === undefined ? history.at(-1)?.created : iso(plan.epochSeconds * 1000);
  const { os, architecture, variant } = plan.platform;
  return {
    architecture,
    ...(plan.author === undefined ? {} : { author: plan.author }),
    config: plan.config,
    ...(created === undefined ? {} : { created }),
    history,
    os,
    ...(base?.['os.version'] === undefined ? {} : { 'os.version': base['os.version'] }),
    rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
    ...(variant === undefined ? {} : { variant }),
  };
}

function historyEntry(entry: PlannedHistory, plan: BuildPlan, { createdMs }: AssembleOptions): UntimedHistoryEntry {
  const ranMs =
    plan.epochSeconds === undefined ? entry.vertex && createdMs(entry.vertex.digest) : plan.epochSeconds * 1000;
  return {
    created: ranMs === undefined ? undefined : iso(ranMs),
    created_by: entry.createdBy,
    ...(entry.author === undefined ? {} : { author: entry.author }),
    comment: entry.comment,
    ...(entry.vertex === undefined ? { empty_layer: true } : {}),
  };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
