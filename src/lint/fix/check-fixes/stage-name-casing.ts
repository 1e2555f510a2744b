import type { SourceRange } from '../../../diagnostics/source-range.ts';
import type { CheckFix } from '../check-fix.ts';
import { fixOf, replaceRange } from '../run-edits.ts';

/** Names of stages are compared without case, in BuildKit; with it in some other builders, so that all uses change. */
export const stageNameCasing: CheckFix = {
  check: 'StageNameCasing',
  fix({ instruction, subject }) {
    const written = instruction.kind === 'FROM' ? instruction.stageName : undefined;
    if (!written) return undefined;
    const name = written.text;
    const ranges: SourceRange[] = [written.range];
    for (const other of subject.dockerfile.instructions) {
      if (other.kind === 'FROM' && other.image.text === name) ranges.push(other.image.range);
      const uses = other.flags.filter(
        ({ value = '' }) => value === name || new RegExp(`(?:^|,)from=${escaped(name)}(?:,|$)`).test(value),
      );
      for (const { range } of uses) ranges.push(range);
    }
    const edits = ranges.flatMap((range) => replaceRange(subject, range, lowered(subject.text.slice(range), name)));
    return fixOf(`Write ${name.toLowerCase()}`, 'safe', edits);
  },
};

/** The name alone, in a flag: `--from=Name`, `--mount=type=bind,from=Name,…`. */
function lowered(text: string, name: string): string {
  return text === name
    ? name.toLowerCase()
    : text.replace(new RegExp(`(from=)${escaped(name)}(?=,|$)`), `$1${name.toLowerCase()}`);
}

function escaped(name: string): string {
  return name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
