import type { CheckFix } from '../check-fix.ts';
import { fixOf, replaceRange } from '../run-edits.ts';

/** BuildKit drops the host's part itself: the image stays as it is. */
export const exposeInvalidFormat: CheckFix = {
  check: 'ExposeInvalidFormat',
  fix({ finding, instruction, subject }) {
    const ports = instruction.kind === 'EXPOSE' ? instruction.ports : [];
    const port = ports.find(({ text }) => finding.message.includes(`'${text}'`));
    const text = port && /^(?:\[[^\]]+\]:|[\d.]+:)?(?:[\d-]*:)?([\d-]+(?:\/\w+)?)$/.exec(port.text)?.[1];
    return port && text ? fixOf(`Write ${text}`, 'safe', replaceRange(subject, port.range, text)) : undefined;
  },
};
