import type { VersionVariable } from '../module/go-module.ts';
import { type ProgramSources, placeIn } from './program-sources.ts';

const ROLES: readonly (readonly [RegExp, VersionVariable['role']])[] = [
  [/^(?:app|build|git|program|release)?_?version(?:string)?$/i, 'version'],
  [/^(?:build|git|vcs)?_?(?:commit|revision|commithash|commitsha|sha)$/i, 'commit'],
  [/^(?:build|commit|release)_?(?:date|time|timestamp)$|^date$/i, 'date'],
];
/** Packages below these names are the usual homes of such variables. */
const HOME = /(?:^|\/)(?:version|buildinfo|build|internal|app|config|cmd|cli)(?:\/|$)/;

/** Variables that -ldflags -X may set: at most one for each role, those of `main` before others. */
export function versionVariables({ files, programDir }: ProgramSources): readonly VersionVariable[] {
  const candidates = files
    .filter(({ dir, source }) => dir === programDir || (source.packageName !== 'main' && HOME.test(dir)))
    .flatMap((file) =>
      file.source.stringVariables.flatMap(({ text, line }) => {
        const role = ROLES.find(([pattern]) => pattern.test(text))?.[1];
        const symbol = `${file.dir === programDir ? 'main' : file.importPath}.${text}`;
        return role === undefined ? [] : [{ symbol, role, at: placeIn(file, line) }];
      }),
    )
    .sort((a, b) => Number(isOfMain(b)) - Number(isOfMain(a)));
  return ROLES.flatMap(([, role]) => candidates.find((candidate) => candidate.role === role) ?? []);
}

function isOfMain({ symbol }: VersionVariable): boolean {
  return symbol.startsWith('main.');
}
