import type { VolumeInstruction } from '../ast.ts';
import { trimSpace } from '../white-space.ts';
import { jsonOrPlainList, missing } from './arguments.ts';
import type { InstructionSyntax } from './instruction-syntax.ts';
import { invalid } from './instruction-syntax.ts';

export const volume: InstructionSyntax<VolumeInstruction> = {
  kind: 'VOLUME',
  flags: {},
  parse(statement) {
    const paths = jsonOrPlainList(statement).map((word) => ({ ...word, text: trimSpace(word.text) }));
    if (paths.length === 0) throw missing(statement, 'at least one path', 'VOLUME /data');
    if (paths.some((path) => path.text === '')) throw invalid(statement, 'VOLUME has a path that is empty.');
    return { kind: 'VOLUME', paths };
  },
};
