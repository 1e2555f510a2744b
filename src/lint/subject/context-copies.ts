import type { CopyInstruction } from '../../dockerfile/ast.ts';
import { lineage } from './lineage.ts';
import type { LintStage, LintStep } from './lint-subject.ts';
import { stepsIn } from './steps.ts';

/** COPY of files of the build context in a stage's own steps, in order. */
export function contextCopies(stage: LintStage): readonly LintStep<CopyInstruction>[] {
  return stepsIn(stage, 'COPY').filter(({ instruction }) => !instruction.flags.some(({ name }) => name === 'from'));
}

/** It copies the whole context: `COPY . …`. */
export function copiesEverything({ instruction: { sources } }: LintStep<CopyInstruction>): boolean {
  return sources.some(({ text }) => /^(?:\.\/?|\/|\*|\.\/\*)$/.test(text));
}

/** It names the file, or a pattern that takes it in. */
export function copiesFile({ instruction: { sources } }: LintStep<CopyInstruction>, name: string): boolean {
  return sources.some(({ text }) => {
    const last = text.slice(text.lastIndexOf('/') + 1);
    if (!/[*?[]/.test(last)) return last === name;
    const pattern = last
      .replace(/[.+^${}()|\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.');
    try {
      return new RegExp(`^${pattern}$`).test(name);
    } catch (error) {
      // A pattern that is none selects nothing.
      if (error instanceof SyntaxError) return false;
      throw error;
    }
  });
}

/** The COPY instructions that made a stage's files, those of the stages below included, up to a step of its own. */
export function copiesBefore(stage: LintStage, step: LintStep): readonly LintStep<CopyInstruction>[] {
  return lineage(stage)
    .flatMap(contextCopies)
    .filter(({ instruction }) => isBefore(instruction, step.instruction));
}

function isBefore(a: LintStep['instruction'], b: LintStep['instruction']): boolean {
  return a.range.start.line < b.range.start.line;
}
