import type { TextEdit } from '../../finding.ts';
import type { CheckFix } from '../check-fix.ts';
import { fixOf } from '../run-edits.ts';

/** Empty lines in the middle of the instruction; those of documents are data. */
export const noEmptyContinuation: CheckFix = {
  check: 'NoEmptyContinuation',
  fix({ instruction, subject: { text } }) {
    const hasDocuments =
      ('heredocs' in instruction && instruction.heredocs.length > 0) ||
      ('command' in instruction && instruction.command?.form === 'shell' && instruction.command.heredocs.length > 0);
    if (hasDocuments) return undefined;
    const edits: TextEdit[] = [];
    for (let { line } = instruction.range.start; line < instruction.range.end.line; line++) {
      if (text.line(line).trim() !== '') continue;
      edits.push({
        start: text.offsetAt({ line, column: 1 }),
        end: text.offsetAt({ line: line + 1, column: 1 }),
        text: '',
      });
    }
    return fixOf('Remove the empty lines', 'safe', edits);
  },
};
