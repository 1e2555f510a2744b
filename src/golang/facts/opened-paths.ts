import { posix } from 'node:path';
import type { OpenedPath } from '../module/go-module.ts';
import { join, type ModuleFiles } from '../module/module-files.ts';
import type { GoExpression } from '../source/go-expression.ts';
import type { GoCall } from '../source/go-source.ts';
import { calledPackage, type ProgramFile, type ProgramSources, placeIn } from './program-sources.ts';

/** Which arguments of a function are paths that it reads. */
interface Opener {
  readonly package: RegExp;
  readonly name: RegExp;
  readonly paths: 'first' | 'second' | 'last' | 'all';
}

/** `''` as package: a method, of whatever it is. */
const OPENERS: readonly Opener[] = [
  { package: /^os$/, name: /^(?:Open|OpenFile|ReadFile|ReadDir|DirFS|OpenRoot)$/, paths: 'first' },
  { package: /^io\/ioutil$/, name: /^Read(?:File|Dir)$/, paths: 'first' },
  { package: /^(?:html|text)\/template$/, name: /^Parse(?:Files|Glob)$/, paths: 'all' },
  { package: /^net\/http$/, name: /^Dir$/, paths: 'first' },
  { package: /^net\/http$/, name: /^ServeFile$/, paths: 'last' },
  { package: /^path\/filepath$/, name: /^(?:Glob|Walk|WalkDir)$/, paths: 'first' },
  { package: /godotenv$/, name: /^(?:Load|Overload|Read)$/, paths: 'all' },
  { package: /viper$/, name: /^(?:AddConfigPath|SetConfigFile)$/, paths: 'first' },
  { package: /goose/, name: /^(?:Up|UpTo|UpContext)$/, paths: 'second' },
  { package: /^$/, name: /^(?:ParseFiles|ParseGlob|LoadHTMLGlob|LoadHTMLFiles)$/, paths: 'all' },
  { package: /^$/, name: /^(?:AddConfigPath|SetConfigFile)$/, paths: 'first' },
  { package: /^$/, name: /^(?:Static|StaticFile|ServeFiles)$/, paths: 'last' },
];

/** Files and folders that a program opens by a name in its sources, each once. */
export function openedPaths(sources: ProgramSources): readonly OpenedPath[] {
  const opened = new Map<string, OpenedPath>();
  const add = (path: string | undefined, file: ProgramFile, line: number): void => {
    const clean = path === undefined ? undefined : openablePath(path);
    if (clean === undefined || opened.has(clean)) return;
    opened.set(clean, { path: clean, found: findPath(clean, sources), at: placeIn(file, line) });
  };
  for (const file of sources.files) {
    for (const call of file.source.calls) {
      for (const argument of pathsOf(call, file)) add(sources.names.evaluate(argument, file).text, file, call.line);
    }
    // How golang-migrate names the folder of its migrations.
    for (const [text, line] of file.source.strings) if (/^file:\/\/\.?\/?\w/.test(text)) add(text.slice(7), file, line);
  }
  return [...opened.values()];
}

function pathsOf(call: GoCall, file: ProgramFile): readonly GoExpression[] {
  const method = call.callee.at(-1) ?? '';
  // Without an import of that name it is a method of a value.
  const path = calledPackage(call, file) ?? (call.callee.length > 1 || call.on ? '' : undefined);
  if (path === undefined) return [];
  const opener = OPENERS.find(({ package: of, name }) => of.test(path) && name.test(method));
  switch (opener?.paths) {
    case undefined:
      return [];
    case 'first':
      return call.args.slice(0, 1);
    case 'second':
      return call.args.slice(1, 2);
    case 'last':
      return call.args.slice(-1);
    case 'all':
      return call.args;
  }
}

/** A path that an image could hold: not the system's, no URL, nothing above the working directory. */
function openablePath(path: string): string | undefined {
  if (path === '' || path.includes('\0') || path.includes('://') || path.length > 400) return undefined;
  if (/^\/(?:proc|sys|dev|etc|var|tmp|run|usr|home|root)(?:\/|$)/.test(path)) return undefined;
  const normal = posix.normalize(path);
  return normal === '.' || normal === '/' || normal.startsWith('..') ? undefined : normal.replace(/\/$/, '');
}

/** In the module's root, where such programs are started, else beside the program. Of a pattern, the folder above it. */
function findPath(path: string, { moduleFiles, moduleDir, programDir }: ProgramSources): OpenedPath['found'] {
  if (path.startsWith('/')) return undefined;
  const wildcard = path.search(/[*?[]/);
  const named = wildcard < 0 ? path : path.slice(0, Math.max(0, path.lastIndexOf('/', wildcard)));
  if (named === '') return undefined;
  for (const dir of new Set([moduleDir, programDir])) {
    const found = findIn(moduleFiles, join(dir, named));
    if (found) return found;
  }
  return undefined;
}

/** Enough to see which kinds of files there are. */
const SAMPLE = 200;

function findIn(files: ModuleFiles, path: string): OpenedPath['found'] {
  const type = files.lookAt(path)?.type;
  return type === 'file' || type === 'directory' ? { path, type, files: files.filesBelow(path, SAMPLE) } : undefined;
}
