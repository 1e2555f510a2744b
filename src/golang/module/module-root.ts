import { posix } from 'node:path';
import type { GoModFile } from './go-mod-file.ts';
import { parseGoModFile } from './go-mod-file.ts';
import type { Place } from './go-module.ts';
import { join, type ModuleFiles } from './module-files.ts';

/** A module whose sources are in the tree: the one asked for, one of the workspace, one that replaces another. */
export interface ModuleRoot {
  /** '' is the tree's root. */
  readonly dir: string;
  /** By which packages of it are imported: its own path, or that of the module which it replaces. */
  readonly importPath: string;
  readonly file: GoModFile;
  /** Whether it has a go.sum. */
  readonly hasSum: boolean;
}

/** A folder that go.mod or go.work names and that is not in the tree. */
export interface OutsideFolder {
  /** As written. */
  readonly target: string;
  readonly at: Place;
}

export interface ModuleRoots {
  readonly workspace: { readonly file: GoModFile; readonly hasSum: boolean } | undefined;
  /** The module in the tree's root comes first; never empty. */
  readonly modules: readonly ModuleRoot[];
  readonly outside: readonly OutsideFolder[];
}

/** undefined when the tree's root has no go.mod, and no go.work that uses a module in the tree. */
export function readModuleRoots(files: ModuleFiles): ModuleRoots | undefined {
  const work = files.readText('go.work');
  const workspace = work === undefined ? undefined : parseGoModFile(work);
  const used = (workspace?.uses ?? []).map((use) => ({ target: use, dir: folderInTree('', use) }));
  const dirs = new Set(['', ...used.flatMap(({ dir }) => dir ?? [])]);
  const modules = [...dirs].flatMap((dir) => readModuleRoot(files, dir) ?? []);
  if (modules.length === 0) return undefined;
  const replaced = modules.flatMap((module) => replacedFolders(files, module));
  const outside = used
    .filter(({ dir }) => dir === undefined)
    .map(({ target }) => ({ target, at: { path: 'go.work', line: 1 } }));
  return {
    workspace: workspace && { file: workspace, hasSum: files.isFile('go.work.sum') },
    modules: [...modules, ...replaced.flatMap(({ module }) => module ?? []).filter(({ dir }) => !dirs.has(dir))],
    outside: [...outside, ...replaced.flatMap(({ outside }) => outside ?? [])],
  };
}

function readModuleRoot(files: ModuleFiles, dir: string, importPath?: string): ModuleRoot | undefined {
  const text = files.readText(join(dir, 'go.mod'));
  if (text === undefined) return undefined;
  const file = parseGoModFile(text);
  const hasSum = files.isFile(join(dir, 'go.sum'));
  return { dir, file, hasSum, importPath: importPath ?? file.modulePath };
}

interface ReplacedFolder {
  readonly module?: ModuleRoot | undefined;
  readonly outside?: OutsideFolder;
}

function replacedFolders(files: ModuleFiles, { dir, file }: ModuleRoot): readonly ReplacedFolder[] {
  return file.replaces
    .filter(({ isLocal }) => isLocal)
    .map(({ path, target, line }) => {
      const folder = folderInTree(dir, target);
      if (folder !== undefined) return { module: readModuleRoot(files, folder, path) };
      return { outside: { target, at: { path: join(dir, 'go.mod'), line } } };
    });
}

/** undefined when it leads out of the tree. */
function folderInTree(dir: string, target: string): string | undefined {
  if (target.startsWith('/')) return undefined;
  const path = posix.normalize(posix.join(dir || '.', target)).replace(/\/+$/, '');
  if (path === '..' || path.startsWith('../')) return undefined;
  return path === '.' ? '' : path;
}
