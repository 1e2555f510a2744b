import { posix } from 'node:path';
import type { AddInstruction, CopyInstruction } from '../../dockerfile/ast.ts';
import type { LintStep } from './lint-subject.ts';
import { expandKnown } from './stage-steps.ts';

/** Where COPY or ADD puts something. */
export interface DestinationPath {
  /** Absolute and without variables. */
  readonly path: string;
  /** Everything below it came with this instruction, as far as the text tells. */
  readonly isWhole: boolean;
}

/** The files and directories that an instruction makes; empty where that hangs on what is not known. */
export function destinationPaths(step: LintStep<CopyInstruction | AddInstruction>): readonly DestinationPath[] {
  const { sources, heredocs, destination } = step.instruction;
  const target = absolutePath(destination.text, step);
  if (target === undefined) return [];
  const isDirectory = /\/$|(?:^|\/)\.{1,2}$/.test(destination.text) || sources.length + heredocs.length > 1;
  if (!isDirectory) return [{ path: target, isWhole: true }];
  const names = [...sources.map(({ text }) => expandKnown(text, step.variables)), ...heredocs.map(({ name }) => name)];
  return names.flatMap((name) => {
    const last = posix.basename(name);
    return /[$*?[]|^\.{0,2}$/.test(last) ? [] : [{ path: posix.join(target, last), isWhole: true }];
  });
}

/** As it stands in the image; undefined where that is not known. */
export function absolutePath(path: string, { workdir, variables }: LintStep): string | undefined {
  const known = expandKnown(path, variables);
  if (/[$*?[\]{}~"'\\]/.test(known)) return undefined;
  if (!known.startsWith('/') && !workdir?.startsWith('/')) return undefined;
  return posix.join('/', known.startsWith('/') ? '' : (workdir ?? ''), known).replace(/(.)\/$/, '$1');
}
