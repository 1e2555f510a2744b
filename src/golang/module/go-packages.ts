import { type GoHeader, readGoHeader } from '../source/go-source.ts';
import { baseName, join, type ModuleFiles } from './module-files.ts';
import type { ModuleRoot } from './module-root.ts';

/** A folder with Go files that are built for Linux; tests are not among them. */
export interface GoPackage {
  /** '' is the tree's root. */
  readonly dir: string;
  readonly importPath: string;
  /** `main` makes it a program. */
  readonly name: string;
  readonly files: readonly GoFile[];
  /** Extensions of the other files that `go build` takes: assembly, C and its like, headers, objects. */
  readonly otherSources: readonly string[];
  /** Files that are left out for want of build tags (see `GoHeader.missingTags`). */
  readonly leftOut: readonly GoFile[];
}

export interface GoFile {
  readonly path: string;
  readonly header: GoHeader;
}

/** As the go command does, `./...` leaves these out, and folders that begin with `.` or `_`. */
const NOT_WALKED = new Set(['vendor', 'testdata', 'node_modules']);
const MAX_DEPTH = 40;

/** The packages of the modules, by folder. Modules nested in others are separate ones. `tags` are those that the build sets. */
export function readGoPackages(
  files: ModuleFiles,
  modules: readonly ModuleRoot[],
  tags: readonly string[],
): readonly GoPackage[] {
  const packages: GoPackage[] = [];
  for (const module of modules) {
    const walk = (dir: string, depth: number): void => {
      const entries = files.list(dir);
      const isNested = dir !== module.dir && entries.some(({ path }) => path === join(dir, 'go.mod'));
      if (isNested || depth > MAX_DEPTH) return;
      const found = readPackageFolder(files, { dir, importPath: importPathOf(module, dir), tags });
      if (found) packages.push(found);
      for (const { path, type } of entries) if (type === 'directory' && isWalked(path)) walk(path, depth + 1);
    };
    walk(module.dir, 0);
  }
  return packages;
}

function isWalked(path: string): boolean {
  const name = baseName(path);
  return !/^[._]/.test(name) && !NOT_WALKED.has(name);
}

function importPathOf(module: ModuleRoot, dir: string): string {
  const below = dir.slice(module.dir === '' ? 0 : module.dir.length + 1);
  return below === '' ? module.importPath : `${module.importPath}/${below}`;
}

/** go help packages, of what is compiled or included beside Go. */
const OTHER_SOURCE = /\.(?:s|S|sx|c|cc|cpp|cxx|m|f|F|for|f90|h|hh|hpp|hxx|swig|swigcxx|syso)$/;

interface PackageFolder {
  readonly dir: string;
  readonly importPath: string;
  readonly tags: readonly string[];
}

/** The package in a folder, wherever it lies; undefined when nothing in there is built. */
export function readPackageFolder(files: ModuleFiles, { dir, importPath, tags }: PackageFolder): GoPackage | undefined {
  const entries = files.list(dir).filter(({ type }) => type === 'file' || type === 'symlink');
  const sources = entries
    .filter(({ path }) => isSource(path))
    .flatMap(({ path }) => {
      const text = files.readText(path);
      return text === undefined ? [] : [{ path, header: readGoHeader(baseName(path), text, tags) }];
    })
    .filter(({ header }) => header.packageName !== '');
  const built = sources.filter(({ header }) => header.isBuilt.withCgo || header.isBuilt.withoutCgo);
  const [first] = built;
  const others = entries.flatMap(({ path }) => OTHER_SOURCE.exec(path)?.[0] ?? []);
  return (
    first && {
      dir,
      importPath,
      name: first.header.packageName,
      files: built,
      otherSources: [...new Set(others)].sort(),
      leftOut: sources.filter(({ header }) => header.missingTags.length > 0),
    }
  );
}

function isSource(path: string): boolean {
  const name = baseName(path);
  return name.endsWith('.go') && !name.endsWith('_test.go') && !/^[._]/.test(name);
}

/** The packages that one is built with, itself first, by following imports. */
export function reachablePackages(
  start: GoPackage,
  byPath: (path: string) => GoPackage | undefined,
): readonly GoPackage[] {
  const reached = new Map([[start.importPath, start]]);
  // A Map's iterator also meets what is added meanwhile.
  for (const { files } of reached.values()) {
    for (const { path } of files.flatMap(({ header }) => header.imports)) {
      const imported = reached.has(path) ? undefined : byPath(path);
      if (imported) reached.set(path, imported);
    }
  }
  return [...reached.values()];
}
