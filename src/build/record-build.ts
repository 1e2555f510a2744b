import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { systemErrorCode } from '../diagnostics/known-error.ts';
import { redactUrls } from '../diagnostics/redact.ts';
import type { Dockerfile } from '../dockerfile/ast.ts';
import type { Digest } from '../image/digest.ts';
import type { BuildLog } from './build-log.ts';
import type { BuildOptions, BuildResult } from './build-options.ts';
import type { ManifestStore } from './cache/manifest-store.ts';
import type { BuiltImage } from './export/built-image.ts';
import type { BuildPlan } from './frontend/build-plan.ts';
import type { RecordedOptions } from './record/build-record.ts';
import { type BuildEnd, BuildRecorder } from './record/build-recorder.ts';
import type { BuildRecords } from './record/build-records.ts';

export interface RecordBuild {
  readonly id: string;
  readonly options: BuildOptions;
  readonly dockerfile: Dockerfile;
  readonly log: BuildLog;
  readonly records: BuildRecords;
  readonly manifests: ManifestStore;
}

export function createRecorder({ id, options, dockerfile, log, records, manifests }: RecordBuild, startedMs: number) {
  return new BuildRecorder(
    {
      id,
      project: projectOf(options),
      dockerfile,
      options: recordedOptions(options),
      records,
      manifests: (digest) => manifests.get(digest),
      logName: (vertex) => log.name(vertex),
    },
    startedMs,
  );
}

/** Writes the record of a build that has ended, and drops what only forgotten builds needed. */
export async function writeRecord(
  recorder: BuildRecorder,
  end: BuildEnd,
  { records, manifests }: Pick<RecordBuild, 'records' | 'manifests'>,
): Promise<void> {
  try {
    await manifests.flush();
    const forgotten = records.write(recorder.record(Date.now(), end));
    if (forgotten.length > 0) manifests.retain(referencedDigests(records));
  } catch (error) {
    // A record only explains: a full disk must not fail a build that was made, nor hide why one failed.
    if (systemErrorCode(error) === undefined) throw error;
  }
}

/** What a record keeps of a build's result. */
export function recordedResult(result: BuildResult): BuildEnd['result'] {
  const { imageId, manifestDigest, names, layers, sizeBytes } = result;
  return {
    ...(imageId === undefined ? {} : { imageId }),
    ...(manifestDigest === undefined ? {} : { manifestDigest }),
    names,
    layers,
    sizeBytes,
  };
}

/** Bytes of the layers that the target's own steps made. */
export function layerSizes({ history }: BuildPlan, { layers }: BuiltImage): ReadonlyMap<Digest, number> {
  const made = history.flatMap(({ vertex }) => vertex ?? []);
  const own = layers.slice(layers.length - made.length);
  return new Map(made.flatMap(({ digest }, index) => sizeOf(digest, own[index]?.sizeBytes)));
}

function sizeOf(digest: Digest, sizeBytes: number | undefined): [Digest, number][] {
  return sizeBytes === undefined ? [] : [[digest, sizeBytes]];
}

/** Names builds of one Dockerfile and context, wherever they are started from. */
export function projectOf(options: BuildOptions): string {
  const identity = JSON.stringify([contextIdentity(options), dockerfilePath(options)]);
  return createHash('sha256').update(identity).digest('hex').slice(0, 16);
}

function contextIdentity({ context, cwd }: BuildOptions): string {
  try {
    return realpathSync(resolve(cwd, context));
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    return redactUrls(context);
  }
}

function dockerfilePath(options: BuildOptions): string {
  const { dockerfile, cwd } = options;
  if (dockerfile === '-') return '-';
  if (dockerfile !== undefined && /^https?:\/\//i.test(dockerfile)) return redactUrls(dockerfile);
  return dockerfile === undefined ? join(contextIdentity(options), 'Dockerfile') : resolve(cwd, dockerfile);
}

function recordedOptions(options: BuildOptions): RecordedOptions {
  const { target, platform, buildContexts = {} } = options;
  return {
    context: contextIdentity(options),
    dockerfile: dockerfilePath(options),
    ...(target === undefined ? {} : { target }),
    ...(platform === undefined ? {} : { platform }),
    tags: options.tags ?? [],
    buildArgs: options.buildArgs ?? {},
    buildContexts: Object.fromEntries(Object.entries(buildContexts).map(([name, value]) => [name, redactUrls(value)])),
    secrets: (options.secrets ?? []).map(({ id }) => id),
    ssh: (options.ssh ?? []).map(({ id }) => id),
    ignoreCache: options.useCache === false ? true : (options.ignoreCacheOf ?? []),
    pull: options.pull ?? false,
    network: options.network ?? 'default',
  };
}

/** Digests whose manifests some kept record may be explained by. */
function referencedDigests(records: BuildRecords): ReadonlySet<string> {
  const digests = new Set<string>();
  for (const { steps } of [...records.records(), ...records.kept()])
    for (const { key } of steps)
      for (const [name, value] of Object.entries(key?.parts ?? {}))
        if (name.startsWith('source ') || name.startsWith('bind ')) digests.add(value);
  return digests;
}
