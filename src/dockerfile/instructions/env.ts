import type { EnvInstruction } from '../ast.ts';
import { keyValues } from './arguments.ts';
import type { InstructionSyntax } from './instruction-syntax.ts';

export const env: InstructionSyntax<EnvInstruction> = {
  kind: 'ENV',
  flags: {},
  parse(statement) {
    return { kind: 'ENV', pairs: keyValues(statement, 'ENV name="a value"') };
  },
};
