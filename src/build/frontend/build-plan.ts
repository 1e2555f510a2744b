import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { SourceRange } from '../../diagnostics/source-range.ts';
import type { Digest } from '../../image/digest.ts';
import type { ContainerConfig, ImageConfig } from '../../image/image-config.ts';
import type { Platform } from '../../image/platform.ts';
import type { BuildGraph, Vertex } from '../graph/vertex.ts';

/** A base image as FROM (or --from) needs to know it before anything runs. */
export interface ResolvedImage {
  /** Normalised: registry/repository:tag@digest. */
  readonly reference: string;
  readonly manifestDigest: Digest;
  readonly platform: Platform;
  readonly config: ImageConfig;
}

/** Answers what a FROM needs to know. Implemented in `build/`, over the store and the registry client. */
export interface BaseImageResolver {
  /** @throws KnownError IMAGE_*, REGISTRY_*, REFERENCE_INVALID; without a range, which the frontend adds. */
  resolve(reference: string, platform: Platform, signal: AbortSignal): Promise<ResolvedImage>;
}

/** What a name given by --build-context stands for; it shadows stages' bases and --from of the same name. */
export type NamedContext = { readonly type: 'local' } | { readonly type: 'image'; readonly reference: string };

export interface FrontendOptions {
  /** Name or number of the stage to build; the last one unless told. */
  readonly target?: string | undefined;
  /** --build-arg; predefined platform and proxy arguments are added by the frontend. */
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly platform: Platform;
  /** The machine that runs the steps: BUILDPLATFORM. */
  readonly buildPlatform: Platform;
  readonly namedContexts: Readonly<Record<string, NamedContext>>;
  /** All vertices (`true`) or those of the named stages ignore the cache. */
  readonly ignoreCache: boolean | readonly string[];
  /** --network: what RUN has where the instruction says nothing. */
  readonly network: 'default' | 'host' | 'none';
  readonly extraHosts: readonly { readonly name: string; readonly address: string }[];
  readonly shmSizeBytes?: number | undefined;
  readonly ulimits: readonly { readonly name: string; readonly soft: number; readonly hard: number }[];
  /** --allow security.insecure / network.host. */
  readonly allow: readonly string[];
  /** --platform was given: the image is said to be for it whatever its base says. Not so unless told. */
  readonly platformRequested?: boolean | undefined;
  /** The build is for several platforms: steps' names carry theirs. */
  readonly multiPlatform?: boolean | undefined;
  /** Lowers every stage, needed or not, for its findings (--check without a target). */
  readonly allStages?: boolean | undefined;
  /** Told of each wanted finding at once: also when an error keeps the plan from being made. */
  readonly onFinding?: ((finding: Diagnostic) => void) | undefined;
}

/** One entry of the image's history: what BuildKit writes, and the vertex whose layer it is (undefined: empty layer). */
export interface PlannedHistory {
  readonly createdBy: string;
  readonly comment: string;
  readonly author?: string;
  readonly vertex: Vertex | undefined;
}

/** Everything the Dockerfile asks for; nothing has run yet. */
export interface BuildPlan {
  readonly graph: BuildGraph;
  /** Execution parameters of the image. */
  readonly config: ContainerConfig;
  readonly author: string | undefined;
  readonly platform: Platform;
  /** The base of the target's chain: its history and layers come first. undefined: scratch. */
  readonly base: { readonly image: ResolvedImage; readonly vertex: Vertex } | undefined;
  /** What follows the base's history, in order, one entry an instruction of the stages the target is made from. */
  readonly history: readonly PlannedHistory[];
  readonly stageName: string | undefined;
  /** Findings of BuildKit's checks, the parser's included, as `# check=` and BUILDKIT_DOCKERFILE_CHECK want them. */
  readonly warnings: readonly Diagnostic[];
  /** Names given by --build-arg that no ARG declares and the builder does not know, in order. */
  readonly unusedBuildArgs?: readonly string[];
  /** SOURCE_DATE_EPOCH, where the build was given one. */
  readonly epochSeconds: number | undefined;
  /** Secret and ssh ids that RUN mounts name, with the place. */
  readonly mountIds: readonly { readonly type: 'secret' | 'ssh'; readonly id: string; readonly range: SourceRange }[];
}
