import { createHash } from 'node:crypto';
import { PassThrough } from 'node:stream';
import type { Store } from '../distribution/store.ts';
import type { Digest } from '../image/digest.ts';
import { formatReference, parseReference, withDefaultTag } from '../image/reference.ts';
import type { RegistryClient } from '../image/registry/registry-client.ts';
import type { BuildOptions } from './build-options.ts';
import { annotationsFor } from './export/annotation.ts';
import type { BuiltImage } from './export/built-image.ts';
import type { ExportSpec } from './export/export-spec.ts';
import type { ExportOutcome } from './export/exporter.ts';
import { EXPORTERS } from './export/exporters.ts';
import type { EmitBuildEvent } from './progress/build-event.ts';

export interface ExportImageOptions {
  readonly options: BuildOptions;
  readonly store: Store;
  readonly emit: EmitBuildEvent;
  client(): Promise<RegistryClient>;
}

const TO_STORE: ExportSpec = { type: 'store', names: [], push: false, compression: 'gzip', tar: true };

/** Exports to each place that was asked for, one after the other; the first failure ends it. */
export async function exportImage(
  image: BuiltImage,
  context: ExportImageOptions,
): Promise<ExportOutcome & { readonly names: readonly string[] }> {
  const specs = context.options.exports ?? [TO_STORE];
  let outcome: ExportOutcome = {};
  const names = new Set<string>();
  for (const spec of specs.flatMap(withPush)) {
    const own = [...(context.options.tags ?? []), ...spec.names].map((name) =>
      formatReference(withDefaultTag(parseReference(name))),
    );
    outcome = { ...outcome, ...(await exportTo(annotated(image, spec, context), { spec, names: own, context })) };
    if (spec.type !== 'cacheonly') for (const name of own) names.add(name);
  }
  return { ...outcome, names: [...names] };
}

function annotated(image: BuiltImage, spec: ExportSpec, { options }: ExportImageOptions): BuiltImage {
  const annotations = [...(options.annotations ?? []), ...(spec.annotations ?? [])];
  return { ...image, annotations: annotationsFor(image.config, annotations) };
}

/** `push=true` on another type is that export and a push. */
function withPush(spec: ExportSpec): ExportSpec[] {
  return spec.push && spec.type !== 'registry' ? [spec, { ...spec, type: 'registry' }] : [spec];
}

interface ExportTo {
  readonly spec: ExportSpec;
  readonly names: readonly string[];
  readonly context: ExportImageOptions;
}

const TITLES: Readonly<Record<ExportSpec['type'], string>> = {
  store: 'exporting to image',
  oci: 'exporting to oci image format',
  docker: 'exporting to docker image format',
  local: 'exporting to client directory',
  tar: 'exporting to client tarball',
  registry: 'pushing to registry',
  cacheonly: 'keeping the steps only',
};

async function exportTo(image: BuiltImage, { spec, names, context }: ExportTo): Promise<ExportOutcome> {
  const { options, store, emit, client } = context;
  const name = TITLES[spec.type];
  const vertex = `sha256:${createHash('sha256')
    .update(`${name} ${spec.dest ?? ''}`)
    .digest('hex')}` as Digest;
  const event = () => ({ timeMs: Date.now(), vertex, name });
  emit({ type: 'vertex-started', ...event() });
  try {
    const exporter = await EXPORTERS[spec.type]();
    const outcome = await exporter.export(
      { image, spec, names },
      {
        store,
        client,
        cwd: options.cwd,
        stdout: options.stdout ?? new PassThrough(),
        allowSecretLeak: options.allowSecretLeak ?? false,
        signal: options.signal,
        progress: (transfer) => emit({ type: 'progress', timeMs: Date.now(), vertex, transfer }),
      },
    );
    emit({ type: 'vertex-completed', ...event() });
    return outcome;
  } catch (error) {
    emit({ type: 'vertex-failed', ...event(), message: error instanceof Error ? error.message : String(error) });
    throw error;
  }
}
