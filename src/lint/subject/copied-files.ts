import { posix } from 'node:path';
import type { FileEntry } from '../../context/file-tree.ts';
import { compileFileGlob, hasWildcards } from '../../context/pattern/file-glob.ts';
import { PatternMatcher } from '../../context/pattern/pattern-matcher.ts';
import { KnownError } from '../../diagnostics/known-error.ts';
import type { AddInstruction, CopyInstruction, Word } from '../../dockerfile/ast.ts';
import type { LintContext } from './lint-context.ts';
import type { LintStage, LintStep, LintSubject } from './lint-subject.ts';
import { isRemoteSource } from './remote-source.ts';
import { expandKnown } from './stage-steps.ts';
import { stepsOf } from './steps.ts';

type CopyStep = LintStep<CopyInstruction | AddInstruction>;

/** A source of COPY or ADD that names files of the build context. */
export interface ContextSource {
  readonly step: CopyStep;
  readonly stage: LintStage;
  readonly word: Word;
  /** Relative to the context, normalised; '' is all of it. May have wildcards, never variables. */
  readonly path: string;
}

/** Those whose path is known; sources of other stages, addresses and documents are left out. */
export function* contextSources(subject: LintSubject): Generator<ContextSource> {
  for (const { step, stage } of stepsOf(subject, 'COPY', 'ADD')) {
    if (step.instruction.flags.some(({ name }) => name === 'from')) continue;
    for (const word of step.instruction.sources) {
      const text = expandKnown(word.text, step.variables);
      if (text.includes('$') || isRemoteSource(text)) continue;
      const path = posix.normalize(`/${text}`).replace(/^\/|\/$/g, '');
      yield { step, stage, word, path };
    }
  }
}

/** The files that a source selects, in order of path, up to the context's bound. Links are not followed. */
export function copiedFiles(context: LintContext, { path, step }: ContextSource): readonly FileEntry[] {
  const { files } = context.files;
  const excluded = exclusions(step);
  const isSelected = selection(path);
  return files.filter((file) => isSelected(file.path) && !excluded?.matches(below(file.path, path)));
}

function selection(path: string): (file: string) => boolean {
  if (path === '') return () => true;
  if (!hasWildcards(path)) return (file) => file === path || file.startsWith(`${path}/`);
  const glob = compileFileGlob(path);
  const depth = path.split('/').length;
  return (file) => glob?.matches(file.split('/').slice(0, depth).join('/')) ?? false;
}

function below(file: string, path: string): string {
  return path !== '' && file.startsWith(`${path}/`) ? file.slice(path.length + 1) : file;
}

function exclusions({ instruction }: CopyStep): PatternMatcher | undefined {
  const patterns = instruction.flags.flatMap(({ name, value }) => (name === 'exclude' && value ? [value] : []));
  try {
    return patterns.length > 0 ? new PatternMatcher(patterns) : undefined;
  } catch (error) {
    if (error instanceof KnownError) return undefined;
    throw error;
  }
}

/** The whole context or a directory of it, as `COPY . .` has it. */
export function wholeContextSource(subject: LintSubject): ContextSource | undefined {
  for (const source of contextSources(subject)) if (source.path === '') return source;
  return undefined;
}
