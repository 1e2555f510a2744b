import { posix } from 'node:path';
import { copiedPaths } from './copied-paths.ts';
import type { GoCommand } from './go-build.ts';
import type { LintSubject } from './lint-subject.ts';

/**
 * The folder of the context whose files a go command finds where it runs, '' its root; undefined where the Dockerfile's
 * text does not tell.
 */
export function contextFolderOf({ dir, stage, step, mounts }: GoCommand, subject: LintSubject): string | undefined {
  if (dir === undefined) return undefined;
  const copied = copiedPaths(subject, stage)
    .filter((copy) => !copy.from && !copy.isForeign && copy.step.instruction.range.start.line < lineOf(step))
    .flatMap(({ source, destination, isInto }) => placeOf(source, destination, isInto));
  const mounted = mounts.flatMap(({ type, target, source = '', from }) =>
    type === 'bind' && from === undefined && target !== undefined ? [{ at: target, folder: normal(source) }] : [],
  );
  const places = [...copied, ...mounted].filter(({ at }) => dir === at || dir.startsWith(at === '/' ? at : `${at}/`));
  const [nearest] = places.sort((a, b) => b.at.length - a.at.length);
  return nearest && normal(posix.join(nearest.folder, posix.relative(nearest.at, dir)));
}

function lineOf({ instruction }: GoCommand['step']): number {
  return instruction.range.start.line;
}

interface Place {
  readonly at: string;
  readonly folder: string;
}

/** Where a copied folder lies; of files, only go.mod says what its folder is. */
function placeOf(source: string, destination: string | undefined, isInto: boolean): readonly Place[] {
  if (destination === undefined || source.includes('$')) return [];
  if (posix.basename(source) === 'go.mod')
    return [{ at: isInto ? destination : posix.dirname(destination), folder: normal(posix.dirname(source)) }];
  return /[*?[]|\.\w+$/.test(source) ? [] : [{ at: destination, folder: normal(source) }];
}

function normal(path: string): string {
  return posix.join('/', path).replace(/^\/|\/$/g, '');
}
