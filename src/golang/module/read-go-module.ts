/**
 * A tree of files → what is known of the Go module in its root. Reads sources, runs nothing, needs no Go. Everything in
 * the tree is taken for hostile: reading is bounded, symlinks stay in the tree, no text is refused.
 */
import type { FileTree } from '../../context/file-tree.ts';
import { cgoUses } from '../facts/cgo-uses.ts';
import { embeddedPaths } from '../facts/embedded-paths.ts';
import { healthCommand, healthRoutes } from '../facts/health.ts';
import { leftOutFeatures } from '../facts/left-out-features.ts';
import { listenPorts } from '../facts/listen-ports.ts';
import { loopbackPorts } from '../facts/loopback-ports.ts';
import { openedPaths } from '../facts/opened-paths.ts';
import { distinct, NameTable, type ProgramFile, type ProgramSources } from '../facts/program-sources.ts';
import { embedsTimeZones, environment, signals, timeZones } from '../facts/runtime-needs.ts';
import { tlsClients } from '../facts/tls-clients.ts';
import { versionVariables } from '../facts/version-variables.ts';
import { readGoSource } from '../source/go-source.ts';
import type { Found, GoModule, GoProgram } from './go-module.ts';
import { type GoPackage, reachablePackages, readGoPackages, readPackageFolder } from './go-packages.ts';
import { compareGoVersions } from './go-version.ts';
import { baseName, join, MODULE_LIMITS, ModuleFiles, type ModuleLimits } from './module-files.ts';
import { type ModuleRoot, type ModuleRoots, readModuleRoots } from './module-root.ts';
import { privateModules } from './private-modules.ts';

export interface ReadOptions {
  /** Build tags, as `go build -tags` is given them. */
  readonly tags?: readonly string[] | undefined;
  readonly limits?: ModuleLimits;
}

/**
 * undefined when the tree's root is no Go module or workspace. `tree` may be a build context with its .dockerignore; what
 * that hides is not there.
 * @throws KnownError of the tree: PERMISSION_DENIED, CONTEXT_CHANGED.
 */
export function readGoModule(
  tree: FileTree,
  { tags = [], limits = MODULE_LIMITS }: ReadOptions = {},
): GoModule | undefined {
  const files = new ModuleFiles(tree, limits);
  const roots = readModuleRoots(files);
  const [root] = roots?.modules ?? [];
  if (!roots || !root) return undefined;
  const packages = readGoPackages(files, roots.modules, tags);
  const reading = new ProgramReading(files, roots, packages, tags);
  const programs = packages.filter(({ name }) => name === 'main').flatMap((main) => reading.program(main) ?? []);
  return {
    root,
    ...roots,
    goVersion: newest(roots, ({ goVersion }) => goVersion && { value: goVersion.version, line: goVersion.line }),
    toolchain: newest(roots, ({ toolchain }) => toolchain && { value: toolchain.name, line: toolchain.line }),
    isVendored: isVendored(files, root, roots.workspace !== undefined),
    privateModules: privateModules(files, roots.modules),
    packages,
    programs,
    tags,
    generates: reading.generates(),
    isCut: files.isCut,
  };
}

class ProgramReading {
  readonly #files: ModuleFiles;
  readonly #modules: readonly ModuleRoot[];
  readonly #byPath: ReadonlyMap<string, GoPackage>;
  readonly #vendored = new Map<string, GoPackage | undefined>();
  readonly #sources = new Map<GoPackage, readonly ProgramFile[]>();
  readonly #names = new NameTable();
  readonly #tags: readonly string[];

  constructor(files: ModuleFiles, { modules }: ModuleRoots, packages: readonly GoPackage[], tags: readonly string[]) {
    this.#files = files;
    this.#tags = tags;
    this.#modules = modules;
    this.#byPath = new Map(packages.map((found) => [found.importPath, found]));
  }

  /** undefined when the package has no func main, and so is no program. */
  program(main: GoPackage): GoProgram | undefined {
    if (!this.#sourcesOf(main).some(({ source }) => source.hasMain)) return undefined;
    const packages = reachablePackages(main, (path) => this.#byPath.get(path));
    const files = packages.flatMap((found) => this.#sourcesOf(found));
    const moduleDir = this.#modules.findLast(({ dir }) => isBelow(main.dir, dir))?.dir ?? '';
    const sources: ProgramSources = {
      programDir: main.dir,
      moduleDir,
      files,
      names: this.#names.within(new Set(packages.map(({ dir }) => dir))),
      moduleFiles: this.#files,
    };
    return {
      dir: main.dir,
      importPath: main.importPath,
      binary: binaryName(main.importPath),
      packageDirs: packages.map(({ dir }) => dir),
      imports: this.#foreignImports(files),
      cgo: cgoUses(reachablePackages(main, (path) => this.#byPath.get(path) ?? this.#vendoredPackage(path))),
      embeds: embeddedPaths(sources),
      opened: openedPaths(sources),
      ports: listenPorts(sources),
      loopbackPorts: loopbackPorts(sources),
      healthRoutes: healthRoutes(sources),
      healthCommand: healthCommand(sources),
      tlsClients: tlsClients(sources),
      timeZones: timeZones(sources),
      embedsTimeZones: embedsTimeZones(sources),
      signals: signals(sources),
      versionVariables: versionVariables(sources),
      environment: environment(sources),
      leftOut: leftOutFeatures(packages),
    };
  }

  generates(): readonly Found[] {
    return [...this.#sources.values()]
      .flat()
      .flatMap(({ path, source }) => source.generates.map(({ text, line }) => ({ value: text, at: { path, line } })));
  }

  /** Each package is read once, however many programs have it. */
  #sourcesOf(found: GoPackage): readonly ProgramFile[] {
    const known = this.#sources.get(found);
    if (known) return known;
    const files = found.files.flatMap(({ path }) => this.#readSource(path, found) ?? []);
    for (const file of files) this.#names.add(file);
    this.#sources.set(found, files);
    return files;
  }

  #readSource(path: string, { dir, importPath }: GoPackage): ProgramFile | undefined {
    const text = this.#files.readText(path);
    if (text === undefined) return undefined;
    const source = readGoSource(baseName(path), text);
    const importNames = new Map(source.imports.map(({ name, path }) => [name, path]));
    return { path, dir, importPath, source, importNames };
  }

  #foreignImports(files: readonly ProgramFile[]): readonly Found[] {
    const imports = files.flatMap(({ path, source }) =>
      source.imports.map((imported) => ({ value: imported.path, at: { path, line: imported.line } })),
    );
    return distinct(imports.filter(({ value }) => !this.#byPath.has(value)));
  }

  #vendoredPackage(path: string): GoPackage | undefined {
    if (!this.#vendored.has(path)) {
      const [root] = this.#modules;
      // A path of the standard library has no dot in its first element, and no folder in vendor.
      const isModule = /^[^/]+\./.test(path) && !path.split('/').includes('..');
      const dir = join(root?.dir ?? '', `vendor/${path}`);
      this.#vendored.set(
        path,
        isModule ? readPackageFolder(this.#files, { dir, importPath: path, tags: this.#tags }) : undefined,
      );
    }
    return this.#vendored.get(path);
  }
}

/** `go build` names a binary by the last element of the import path that is no major version. */
function binaryName(importPath: string): string {
  const elements = importPath.split('/');
  const last = elements.at(-1) ?? 'app';
  return /^v\d+$/.test(last) && elements.length > 1 ? (elements.at(-2) ?? last) : last.replace(/\.v\d+$/, '');
}

function isBelow(path: string, dir: string): boolean {
  return dir === '' || path === dir || path.startsWith(`${dir}/`);
}

/** Since Go 1.14 a vendor folder is used unless told otherwise (go help modules); for a workspace since Go 1.22. */
function isVendored(files: ModuleFiles, { dir }: ModuleRoot, isWorkspace: boolean): boolean {
  return files.isFile(join(isWorkspace ? '' : dir, 'vendor/modules.txt'));
}

type Directive = (file: ModuleRoot['file']) => { readonly value: string; readonly line: number } | undefined;

function newest({ workspace, modules }: ModuleRoots, directive: Directive): Found | undefined {
  const files = [
    ...(workspace ? [{ path: 'go.work', file: workspace.file }] : []),
    ...modules.map(({ dir, file }) => ({ path: join(dir, 'go.mod'), file })),
  ];
  return files
    .flatMap(({ path, file }) => {
      const found = directive(file);
      return found ? [{ value: found.value, at: { path, line: found.line } }] : [];
    })
    .reduce<Found | undefined>(
      (best, found) => (best && compareGoVersions(best.value, found.value) >= 0 ? best : found),
      undefined,
    );
}
