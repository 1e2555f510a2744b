import type { Rule } from '../rule.ts';
import { contextCopies, copiesEverything } from '../subject/context-copies.ts';
import { lineage } from '../subject/lineage.ts';
import type { LintStage } from '../subject/lint-subject.ts';
import { covers, shippedBinaries } from '../subject/shipped-binaries.ts';
import { isForDevelopment } from '../subject/stage-purpose.ts';

/** A folder copied from the build stage brings the sources that the binary lies among. */
export const sourcesShipped: Rule = {
  name: 'sources-shipped',
  family: 'production',
  severity: 'warning',
  level: 'default',
  summary: 'The image ships the sources together with the binary',

  *check(subject) {
    const { target } = subject;
    if (isForDevelopment(subject, target)) return;
    const binaries = shippedBinaries(subject, target);
    for (const { copy, output } of binaries) {
      if (copy.source === output || !copy.from || !holdsSources(copy.from, copy.source)) continue;
      const start = subject.text.offsetAt(copy.word.range.start);
      // The folder's content went into the destination, and the binary lies below it as before.
      const isDirect = output.slice(copy.source.replace(/\/+$/, '').length + 1).includes('/') === false;
      const edits = [{ start, end: start + copy.word.text.length, text: output }];
      yield {
        message: `${copy.source} of the build stage holds all sources beside the binary.`,
        range: copy.word.range,
        hint: `Copy the binary alone: ${output}; and what it reads at run time by name.`,
        ...(isDirect && copy.isInto && { fix: { title: `Copy ${output} alone`, safety: 'suggested', edits } as const }),
      };
    }
    if (binaries.length === 0) return;
    for (const whole of lineage(target).flatMap(contextCopies).filter(copiesEverything)) {
      yield {
        message: 'COPY of the whole context into the image that ships brings the sources beside the binary.',
        range: whole.instruction.range,
        hint: 'Copy by name what the program reads at run time.',
      };
    }
  },
};

/** The whole context was copied into the folder, or above it. */
function holdsSources(stage: LintStage, folder: string): boolean {
  return lineage(stage)
    .flatMap(contextCopies)
    .filter(copiesEverything)
    .some(({ instruction: { destination }, workdir }) => {
      const isHere = /^\.\/?$/.test(destination.text);
      const path = isHere ? workdir : destination.text;
      return path?.startsWith('/') && (covers(folder, path.replace(/(?!^)\/+$/, '')) || folder === path);
    });
}
