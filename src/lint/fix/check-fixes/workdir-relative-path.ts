import type { CheckFix } from '../check-fix.ts';
import { fixOf, replaceRange } from '../run-edits.ts';

/** Suggested: where the base image sets a work directory, the path is below that. */
export const workdirRelativePath: CheckFix = {
  check: 'WorkdirRelativePath',
  fix({ instruction, subject }) {
    if (instruction.kind !== 'WORKDIR' || !/^(?:\.\/)?[\w-][\w./-]*$/.test(instruction.path.text)) return undefined;
    const path = `/${instruction.path.text.replace(/^\.\//, '')}`;
    return fixOf(`Write ${path}`, 'suggested', replaceRange(subject, instruction.path.range, path));
  },
};
