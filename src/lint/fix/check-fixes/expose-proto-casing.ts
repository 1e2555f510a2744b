import type { CheckFix } from '../check-fix.ts';
import { fixOf, replaceRange } from '../run-edits.ts';

export const exposeProtoCasing: CheckFix = {
  check: 'ExposeProtoCasing',
  fix({ finding, instruction, subject }) {
    const ports = instruction.kind === 'EXPOSE' ? instruction.ports : [];
    const port = ports.find(({ text }) => finding.message.includes(`'${text}'`));
    if (!port || port.text.includes('$')) return undefined;
    const text = port.text.toLowerCase();
    return fixOf(`Write ${text}`, 'safe', replaceRange(subject, port.range, text));
  },
};
