import { compileFileGlob } from '../../context/pattern/file-glob.ts';
import type { EmbeddedPath } from '../module/go-module.ts';
import { baseName, join, type ModuleFiles } from '../module/module-files.ts';
import { type ProgramSources, placeIn } from './program-sources.ts';

/** What `//go:embed` puts into the program; a pattern that matches nothing fails the build. */
export function embeddedPaths({ files, moduleFiles }: ProgramSources): readonly EmbeddedPath[] {
  return files.flatMap((file) =>
    file.source.embeds.map(({ text, line }) => ({
      pattern: text,
      dir: file.dir,
      exists: matches(moduleFiles, file.dir, text.replace(/^all:/, '').split('/')),
      at: placeIn(file, line),
    })),
  );
}

/** path.Match of each element, as embed does it. */
function matches(files: ModuleFiles, dir: string, [element, ...rest]: readonly string[]): boolean {
  if (element === undefined) return true;
  if (!/[*?[\\]/.test(element)) {
    const path = element === '.' ? dir : join(dir, element);
    return files.lookAt(path) !== undefined && matches(files, path, rest);
  }
  const glob = compileFileGlob(element);
  return files.list(dir).some(({ path }) => glob?.matches(baseName(path)) && matches(files, path, rest));
}
