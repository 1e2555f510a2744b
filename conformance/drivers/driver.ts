import type { BaseImage } from '../image/base-image.ts';

export interface BuildRequest {
  /** Directory of the case: builds run in it. */
  readonly dir: string;
  /** Flags as the case has them, names of the runner's offers replaced. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly context: string;
  /** Whether the context is a directory. */
  readonly isLocal: boolean;
  /** Path of a file to feed. */
  readonly stdin: string | undefined;
  /** Base images the case names, which the builder has to find under these names. */
  readonly bases: readonly BaseImage[];
  /** Flags that name what is written and where. */
  readonly output: readonly string[];
  /** Where it goes: an OCI archive unless the case says else. */
  readonly dest: string;
  /** BuildKit is asked through its labs frontend. */
  readonly isLabs: boolean;
}

export interface BuildReply {
  readonly succeeded: boolean;
  readonly stdout: string;
  /** Standard output and standard error. */
  readonly output: string;
}

/** A builder that can be asked. */
export interface Driver {
  readonly name: string;
  /** Whether failures and warnings name lines of the Dockerfile. */
  readonly hasLines: boolean;
  /** Whether the history is written in BuildKit's words. */
  readonly hasHistory: boolean;
  /** Builds that may run at once. */
  readonly parallelism: number;
  /** Who is asked, with versions. @throws Error when it is not there. */
  version(): Promise<string>;
  build(request: BuildRequest): Promise<BuildReply>;
}

/** What the runner was asked for, as far as drivers care. */
export interface DriverOptions {
  /** Runs a program of the lab. */
  readonly peer: string;
  /** Reference of BuildKit's labs frontend, for cases that need it. */
  readonly labs: string;
  /** The `slipway` script. */
  readonly slipway: string;
  readonly isolation: string | undefined;
  /** An ordinary user to run Slipway as. */
  readonly user: string | undefined;
  readonly workDir: string;
  readonly cores: number;
}
