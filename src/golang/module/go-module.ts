/** What is known of a Go module or workspace without running Go; plain data, every fact with its place. */
import type { GoPackage } from './go-packages.ts';
import type { ModuleRoot, ModuleRoots, OutsideFolder } from './module-root.ts';

/** Where a fact was found, as evidence. */
export interface Place {
  /** Relative to the tree. */
  readonly path: string;
  /** From 1. */
  readonly line: number;
}

export interface Found<T = string> {
  readonly value: T;
  readonly at: Place;
}

export interface GoModule {
  /** The module that was asked for, or the first of the workspace. */
  readonly root: ModuleRoot;
  readonly workspace: ModuleRoots['workspace'];
  /** All whose sources are in the tree; `root` is the first. */
  readonly modules: readonly ModuleRoot[];
  /** Folders outside of the tree that the build needs. */
  readonly outside: readonly OutsideFolder[];
  /** The newest go directive; undefined when none is there. */
  readonly goVersion: Found | undefined;
  /** The newest toolchain directive, such as `go1.26.0`. */
  readonly toolchain: Found | undefined;
  /** A vendor folder that the go command uses by default. */
  readonly isVendored: boolean;
  /** Modules that a public proxy will hardly have. */
  readonly privateModules: readonly Found[];
  readonly packages: readonly GoPackage[];
  /** By folder. */
  readonly programs: readonly GoProgram[];
  /** Build tags that it was read with. */
  readonly tags: readonly string[];
  /** `//go:generate` commands anywhere in the packages of programs. */
  readonly generates: readonly Found[];
  /** The module is larger than what was read: facts may be missing. */
  readonly isCut: boolean;
}

/** A `main` package, with what is known of it and of the module's packages that it is built with. */
export interface GoProgram {
  readonly dir: string;
  readonly importPath: string;
  /** The name `go build` gives the binary. */
  readonly binary: string;
  /** Folders of the packages it is built with, its own first; those of `vendor/` are not among them. */
  readonly packageDirs: readonly string[];
  /** Import paths outside of the tree's modules, the standard library's included. */
  readonly imports: readonly Found[];
  readonly cgo: readonly CgoUse[];
  readonly embeds: readonly EmbeddedPath[];
  readonly opened: readonly OpenedPath[];
  /** Most certain first. */
  readonly ports: readonly ListenPort[];
  readonly loopbackPorts: readonly LoopbackPort[];
  readonly healthRoutes: readonly Found[];
  /** Arguments that make the program check a running copy of itself. */
  readonly healthCommand: Found<readonly string[]> | undefined;
  /** What makes it a client that must trust certificates: a call or an import. */
  readonly tlsClients: readonly Found[];
  /** Calls of time.LoadLocation whose zone is not built in. */
  readonly timeZones: readonly Found[];
  /** It carries the zones itself (time/tzdata). */
  readonly embedsTimeZones: boolean;
  /** Signals it waits for: `SIGTERM`, `SIGINT`, …; `all` for every one. */
  readonly signals: readonly Found[];
  readonly versionVariables: readonly VersionVariable[];
  /** Environment variables that it reads by name. */
  readonly environment: readonly Found[];
  /** Build tags that would bring in more packages, each once. */
  readonly leftOut: readonly Found[];
}

export interface CgoUse {
  /** `import` in a package of the tree or of vendor/; `module`: a dependency known for it. */
  readonly kind: 'import' | 'module';
  /** Import path. */
  readonly name: string;
  readonly at: Place;
}

export interface EmbeddedPath {
  /** As written, relative to `dir`. */
  readonly pattern: string;
  readonly dir: string;
  /** Files in the tree that match, so many that their kinds can be seen; none: the build would fail. */
  readonly files: readonly string[];
  readonly at: Place;
}

export interface OpenedPath {
  /** As the program names it. */
  readonly path: string;
  /** What it is in the tree, relative to it; undefined when nothing is there. */
  readonly found: FoundPath | undefined;
  readonly at: Place;
}

export interface FoundPath {
  readonly path: string;
  readonly type: 'file' | 'directory';
  /** Itself, or files below it, so many that their kinds can be seen. */
  readonly files: readonly string[];
}

export interface ListenPort {
  readonly port: number;
  readonly network: 'tcp' | 'udp';
  /** Named in the call that listens, or only by a flag, a setting or a literal that looks like it. */
  readonly certainty: 'call' | 'setting';
  /** Environment variables that change it. */
  readonly env: readonly string[];
  /** Flag that changes it, without dashes. */
  readonly flag: string | undefined;
  readonly at: Place;
}

/** A TCP port that only the program's own machine reaches, which in a container is the container. */
export interface LoopbackPort {
  readonly port: number;
  /** As the program has it: `localhost:8080`. */
  readonly address: string;
  /** Flag of the package `flag` that is this address and nothing more, without dashes. */
  readonly flag: string | undefined;
  readonly at: Place;
}

export interface VersionVariable {
  /** What -ldflags -X takes: `main.version`. */
  readonly symbol: string;
  readonly role: 'version' | 'commit' | 'date';
  readonly at: Place;
}
