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
      files: matches(moduleFiles, file.dir, text.replace(/^all:/, '').split('/')),
      at: placeIn(file, line),
    })),
  );
}

/** Enough to see which kinds of files there are. */
const SAMPLE = 200;

/** path.Match of each element, as embed does it. */
function matches(files: ModuleFiles, dir: string, [element, ...rest]: readonly string[]): readonly string[] {
  if (element === undefined) return files.filesBelow(dir, SAMPLE);
  if (!/[*?[\\]/.test(element)) {
    const path = element === '.' ? dir : join(dir, element);
    return files.lookAt(path) === undefined ? [] : matches(files, path, rest);
  }
  const glob = compileFileGlob(element);
  return files
    .list(dir)
    .filter(({ path }) => glob?.matches(baseName(path)))
    .slice(0, SAMPLE)
    .flatMap(({ path }) => matches(files, path, rest));
}
