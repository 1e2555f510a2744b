import type { Digest } from '../../image/digest.ts';
import type { CacheKey } from '../cache/cache-key.ts';
import type { OpKind } from '../graph/op.ts';

export type StepOutcome = 'hit' | 'run' | 'not-needed' | 'failed' | 'cancelled';

/** One vertex of a build and what became of it. Values that look like secrets are masked wherever they would stand. */
export interface StepRecord {
  readonly vertex: Digest;
  /** `[builder 2/5] RUN go mod download`. */
  readonly name: string;
  readonly kind: OpKind;
  /** Where it stands; undefined for work that no instruction of a stage asked for. */
  readonly place?: { readonly stage: string; readonly index: number; readonly total: number };
  /** The instruction with its variables expanded, without the place. */
  readonly text: string;
  /** The instruction as the Dockerfile has it. */
  readonly source?: string;
  readonly line?: number;
  /** Indexes into the record's steps. */
  readonly inputs: readonly number[];
  /** Of a base image: name and digest, as resolved. */
  readonly reference?: string;
  readonly ignoresCache?: boolean;
  /** undefined when the build ended before it was known. */
  readonly key?: CacheKey;
  readonly outcome: StepOutcome;
  /** Of a hit: the cache source that it was taken from, unless it ran on this machine. */
  readonly importedFrom?: string;
  /** When it ran in this build. Milliseconds since the epoch. */
  readonly startedMs?: number;
  readonly endedMs?: number;
  /** What it took when it ran: in this build, or for a hit in the one it was taken from. */
  readonly durationMs: number;
  /** Bytes of the layer it made, uncompressed; known for layers of the image. */
  readonly sizeBytes?: number;
  /** Bytes that came over the network for it. */
  readonly fetchedBytes?: number;
  /** Name of the file beside the record that has its output. */
  readonly log?: string;
}

/** Work of a build that is no step of the Dockerfile: asking for a base's metadata, exporting. */
export interface PhaseRecord {
  readonly name: string;
  readonly startedMs: number;
  readonly endedMs: number;
}

/** What a build was asked for, as far as it can matter for its result. Secrets and agents by their ids only. */
export interface RecordedOptions {
  /** Absolute. */
  readonly context: string;
  readonly dockerfile: string;
  readonly target?: string;
  readonly platform?: string;
  readonly tags: readonly string[];
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly buildContexts: Readonly<Record<string, string>>;
  readonly secrets: readonly string[];
  readonly ssh: readonly string[];
  /** true: no step was taken from the cache; names: those of these stages were not. */
  readonly ignoreCache: boolean | readonly string[];
  readonly pull: boolean;
  readonly network: string;
}

/** What ARG and ENV declare, by name, with the value as the Dockerfile has it last ('' for none). */
export interface DeclaredNames {
  readonly args: Readonly<Record<string, string>>;
  readonly variables: Readonly<Record<string, string>>;
}

/** One build, as it is kept beside its logs. Plain data; what is not known is absent. */
export interface BuildRecord {
  readonly version: 1;
  /** Sorts by time. */
  readonly id: string;
  /** Equal for builds of one Dockerfile and context. */
  readonly project: string;
  readonly startedMs: number;
  readonly endedMs: number;
  readonly options: RecordedOptions;
  readonly declared: DeclaredNames;
  /** Inputs before their users. */
  readonly steps: readonly StepRecord[];
  readonly phases: readonly PhaseRecord[];
  readonly result?: {
    readonly imageId?: string;
    readonly manifestDigest?: string;
    readonly names: readonly string[];
    readonly layers: number;
    readonly sizeBytes: number;
  };
  readonly error?: { readonly code?: string; readonly message: string; readonly line?: number };
  readonly machine: {
    readonly hostname: string;
    readonly cpus: number;
    readonly memoryBytes: number;
    readonly platform: string;
    readonly node: string;
  };
}

/** A context is read in place by the steps that select from it: by itself it is no step that people would count. */
export function isShownStep({ kind }: Pick<StepRecord, 'kind'>): boolean {
  return kind !== 'context';
}
