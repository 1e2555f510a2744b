import type { Readable, Writable } from 'node:stream';
import type { Isolation } from '../exec/executor.ts';
import type { Descriptor } from '../image/descriptor.ts';
import type { CacheDestination, CacheSource } from './exchange/cache-place-spec.ts';
import type { Annotation } from './export/annotation.ts';
import type { ExportSpec } from './export/export-spec.ts';
import type { SecretSource, SshSource } from './ops/exec/step-inputs.ts';
import type { EmitBuildEvent } from './progress/build-event.ts';

export interface Ulimit {
  readonly name: string;
  readonly soft: number;
  readonly hard: number;
}

export interface ExtraHost {
  readonly name: string;
  readonly address: string;
}

/** What a build is asked for. Paths are relative to `cwd`. */
export interface BuildOptions {
  /** Root of the store. */
  readonly storeRoot: string;
  /** A directory, `-` (archive or Dockerfile on stdin), a git or http(s) URL. */
  readonly context: string;
  /** Path of the Dockerfile; `-` is stdin. `Dockerfile` in the context unless told. */
  readonly dockerfile?: string | undefined;
  readonly tags?: readonly string[];
  readonly target?: string | undefined;
  readonly buildArgs?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly secrets?: readonly SecretSource[];
  readonly ssh?: readonly SshSource[];
  /** Name → directory, docker-image://reference, oci-layout://path. */
  readonly buildContexts?: Readonly<Record<string, string>>;
  readonly useCache?: boolean;
  /** Where records of other stores are looked for, the first that has a key counts. */
  readonly cacheFrom?: readonly CacheSource[];
  /** Where the records of this build go. */
  readonly cacheTo?: readonly CacheDestination[];
  /** Stages whose steps run anew. */
  readonly ignoreCacheOf?: readonly string[];
  /** Ask the registry for a newer image of each base. */
  readonly pull?: boolean;
  /** `linux/arm64`; this machine's unless told. */
  readonly platform?: string | undefined;
  readonly network?: 'default' | 'host' | 'none';
  readonly isolation?: 'auto' | Isolation;
  readonly extraHosts?: readonly ExtraHost[];
  readonly shmSizeBytes?: number | undefined;
  readonly ulimits?: readonly Ulimit[];
  /** Entitlements: `network.host`, `security.insecure`. */
  readonly allow?: readonly string[];
  /** Written on manifests and on what names them. */
  readonly annotations?: readonly Annotation[];
  /** Push an image although a step wrote a secret into a layer. */
  readonly allowSecretLeak?: boolean;
  /** Where the image goes; the store unless told. */
  readonly exports?: readonly ExportSpec[];
  /** Give RUN steps that compile Go the project's build cache. Default true. */
  readonly useGoCache?: boolean;
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly stdin?: Readable;
  /** Where an export with `dest=-` goes. */
  readonly stdout?: Writable;
  readonly signal: AbortSignal;
  readonly onEvent?: EmitBuildEvent;
}

export interface BuildResult {
  /** Names the build's record and logs. */
  readonly buildId: string;
  /** Digest of the image config; undefined when only files were exported. */
  readonly imageId: string | undefined;
  /** Digest of the manifest, where one was written. */
  readonly manifestDigest: string | undefined;
  /** The manifest as an index would name it, where one was written. */
  readonly manifest?: Descriptor | undefined;
  /** Normalised. */
  readonly names: readonly string[];
  readonly layers: number;
  /** Uncompressed bytes of all layers. */
  readonly sizeBytes: number;
  readonly steps: { readonly total: number; readonly cached: number };
  /** Time the cached steps took when they ran. */
  readonly cachedMs: number;
  /** --build-arg names that nothing declared. */
  readonly unusedBuildArgs: readonly string[];
}
