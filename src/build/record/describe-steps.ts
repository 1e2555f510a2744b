import type { Dockerfile } from '../../dockerfile/ast.ts';
import type { CacheKey } from '../cache/cache-key.ts';
import { maskKey, maskValues, textMasker } from '../cache/mask-secrets.ts';
import type { Op } from '../graph/op.ts';
import type { BuildGraph, Vertex } from '../graph/vertex.ts';
import type { DeclaredNames, StepRecord } from './build-record.ts';

/** What a step is, before anything is known of its fate. */
export type PlannedStep = Omit<StepRecord, 'key' | 'outcome' | 'durationMs'>;

export interface StepDescriber {
  /** In the graph's order: inputs before their users. */
  readonly steps: readonly PlannedStep[];
  /** A key as it may be kept: its digest is that of the values, its parts show none that is secret. */
  keptKey(key: CacheKey): CacheKey;
}

/** Describes a graph for records. No value of a variable that is named like a secret is left in it. */
export function describeSteps(
  graph: BuildGraph,
  dockerfile: Dockerfile,
  buildArgs: Readonly<Record<string, string>>,
): StepDescriber {
  const given = Object.entries(buildArgs).map(([name, value]) => `${name}=${value}`);
  const mask = textMasker([...given, ...graph.vertices.flatMap(({ op }) => (op.kind === 'exec' ? op.env : []))]);
  const indexes = new Map(graph.vertices.map(({ digest }, index) => [digest, index]));
  const originals = new Map(dockerfile.instructions.map((item) => [item.range.start.line, item.original.trim()]));
  const steps = graph.vertices.map((vertex) => ({
    ...describe(vertex, mask),
    ...(vertex.origin === undefined ? {} : { source: originals.get(vertex.origin.start.line) ?? '' }),
    inputs: vertex.inputs.map(({ digest }) => indexes.get(digest) ?? -1),
  }));
  return { steps, keptKey: (key) => maskKey(key, mask) };
}

/** What a Dockerfile's ARG and ENV instructions declare, those of triggers included. */
export function declaredNames({ instructions }: Dockerfile): DeclaredNames {
  const all = instructions.map((item) => (item.kind === 'ONBUILD' ? item.trigger : item));
  const args = all.flatMap((item) =>
    item.kind === 'ARG' ? item.args.map(({ name, value }) => [name.text, value?.text ?? ''] as const) : [],
  );
  const variables = all.flatMap((item) =>
    item.kind === 'ENV' ? item.pairs.map(({ key, value }) => [key.text, value.text] as const) : [],
  );
  return { args: maskValues(Object.fromEntries(args)), variables: maskValues(Object.fromEntries(variables)) };
}

function describe({ digest, name, op, step, origin, ignoreCache }: Vertex, mask: (text: string) => string) {
  return {
    vertex: digest,
    name: mask(name),
    kind: op.kind,
    ...(step === undefined ? {} : { place: { stage: step.stage, index: step.index, total: step.total } }),
    text: mask(step?.text ?? name),
    ...(origin === undefined ? {} : { line: origin.start.line }),
    ...referenceOf(op),
    ...(ignoreCache ? { ignoresCache: true } : {}),
  };
}

function referenceOf(op: Op): { readonly reference?: string } {
  return op.kind === 'image' ? { reference: op.reference } : {};
}
