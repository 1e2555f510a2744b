import type { StopsignalInstruction } from '../ast.ts';
import { oneArgument } from './arguments.ts';
import type { InstructionSyntax } from './instruction-syntax.ts';

export const stopsignal: InstructionSyntax<StopsignalInstruction> = {
  kind: 'STOPSIGNAL',
  flags: {},
  parse(statement) {
    return { kind: 'STOPSIGNAL', signal: oneArgument(statement, 'STOPSIGNAL SIGTERM') };
  },
};
