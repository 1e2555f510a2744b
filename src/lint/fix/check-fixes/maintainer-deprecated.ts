import type { CheckFix } from '../check-fix.ts';
import { fixOf, replaceRange } from '../run-edits.ts';

/** The field of the image's config that MAINTAINER sets is read by nobody; the label is the OCI's. */
export const maintainerDeprecated: CheckFix = {
  check: 'MaintainerDeprecated',
  fix({ instruction, subject }) {
    if (instruction.kind !== 'MAINTAINER') return undefined;
    const name = instruction.name.text.trim().replace(/^(["'])(.*)\1$/, '$2');
    // Text that quotes or variables would change stays with its author.
    if (/["\\`$]/.test(name) || instruction.range.start.line !== instruction.range.end.line) return undefined;
    const keyword = instruction.keyword === instruction.keyword.toLowerCase() ? 'label' : 'LABEL';
    const text = `${keyword} org.opencontainers.image.authors="${name}"`;
    return fixOf('Write a label', 'safe', replaceRange(subject, instruction.range, text));
  },
};
