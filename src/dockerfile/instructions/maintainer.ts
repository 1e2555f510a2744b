import type { MaintainerInstruction } from '../ast.ts';
import { oneArgument } from './arguments.ts';
import type { InstructionSyntax } from './instruction-syntax.ts';

export const maintainer: InstructionSyntax<MaintainerInstruction> = {
  kind: 'MAINTAINER',
  flags: {},
  parse(statement) {
    return { kind: 'MAINTAINER', name: oneArgument(statement, 'MAINTAINER somebody') };
  },
};
