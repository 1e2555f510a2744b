import type { LabelInstruction } from '../ast.ts';
import { keyValues } from './arguments.ts';
import type { InstructionSyntax } from './instruction-syntax.ts';

export const label: InstructionSyntax<LabelInstruction> = {
  kind: 'LABEL',
  flags: {},
  parse(statement) {
    return { kind: 'LABEL', pairs: keyValues(statement, 'LABEL name="a value"') };
  },
};
