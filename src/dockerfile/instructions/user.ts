import type { UserInstruction } from '../ast.ts';
import { oneArgument } from './arguments.ts';
import type { InstructionSyntax } from './instruction-syntax.ts';

export const user: InstructionSyntax<UserInstruction> = {
  kind: 'USER',
  flags: {},
  parse(statement) {
    return { kind: 'USER', user: oneArgument(statement, 'USER 65532:65532') };
  },
};
