import type { GoModule, GoProgram, Place } from '../golang/module/go-module.ts';

export const BASES = ['scratch', 'distroless', 'alpine', 'debian'] as const;
export type BaseKind = (typeof BASES)[number];

export interface GenerateOptions {
  /** undefined: the smallest that the program runs in. */
  readonly base?: BaseKind | undefined;
  /** Name or folder of the one program wanted; undefined: the only one, or all of them as targets. */
  readonly main?: string | undefined;
  /** .dockerignore hides everything but what the build copies. */
  readonly isStrict?: boolean | undefined;
  /** Paths of modules that are private, beside those that look so: `github.com/acme`. */
  readonly privatePatterns?: readonly string[] | undefined;
  /** Private modules are fetched over ssh, and not with a netrc file. */
  readonly usesSsh?: boolean | undefined;
  /** Also a Dockerfile.dev and a compose.dev.yaml. */
  readonly isDev?: boolean | undefined;
}

/** Something that was chosen, and why, in a line each. */
export interface Decision {
  readonly what: string;
  readonly why: string;
  readonly at?: Place | undefined;
}

/** How one program's stage looks. */
export interface ProgramPlan {
  readonly program: GoProgram;
  /** Of the binary, the target, the service and the image. */
  readonly name: string;
  /** What `go build` is given: `.`, `./cmd/api`. */
  readonly package: string;
  readonly usesCgo: boolean;
  /** Linked with everything it needs, although C is in it. */
  readonly isStaticCgo: boolean;
  /** -tags of its build. */
  readonly tags: readonly string[];
  readonly base: BaseKind;
  readonly baseImage: string;
  /** Certificates of authorities are copied into the image. */
  readonly copiesCertificates: boolean;
  /** Paths of the module that it opens at run time. */
  readonly files: readonly { readonly path: string; readonly destination: string; readonly isDirectory: boolean }[];
  /** Port numbers with `/udp` where it is that. */
  readonly ports: readonly string[];
  /** argv of the health check; undefined: NONE, and `noHealthCheck` says why. */
  readonly healthCheck: readonly string[] | undefined;
  readonly noHealthCheck: string;
  readonly stopSignal: string | undefined;
  /** Arguments it is started with when none are given; none: no CMD. */
  readonly command: readonly string[];
  /** Build arguments by the variables they set. */
  readonly variables: readonly { readonly symbol: string; readonly argument: 'VERSION' | 'REVISION' | 'CREATED' }[];
}

/** Modules that the build fetches from where only some may. */
export interface PrivateModulesPlan {
  /** As GOPRIVATE has them. */
  readonly patterns: readonly string[];
  readonly hosts: readonly string[];
  readonly isOverSsh: boolean;
}

/** Everything that the generated files say, decided. */
export interface ImagePlan {
  readonly module: GoModule;
  /** golang:… */
  readonly builderImage: string;
  /** Of the newest Go: tools for development ask for it, whatever the module does. */
  readonly toolsImage: string;
  readonly goVersion: string;
  /** Module files, by the folder they go to; copied before the sources. */
  readonly moduleFiles: readonly { readonly dir: string; readonly names: readonly string[] }[];
  /** Uppermost folders and files of the sources, in order. */
  readonly sources: readonly string[];
  readonly isVendored: boolean;
  readonly privateModules: PrivateModulesPlan | undefined;
  /** The last one is what a build without --target makes. */
  readonly programs: readonly ProgramPlan[];
  /** https://… of the repository; undefined when the module's path does not say. */
  readonly repository: string | undefined;
  readonly decisions: readonly Decision[];
  /** What the user has to see to: the files that are written may not be enough. */
  readonly warnings: readonly Decision[];
}
