import type { WorkdirInstruction } from '../ast.ts';
import { oneArgument } from './arguments.ts';
import type { InstructionSyntax } from './instruction-syntax.ts';

export const workdir: InstructionSyntax<WorkdirInstruction> = {
  kind: 'WORKDIR',
  flags: {},
  parse(statement) {
    return { kind: 'WORKDIR', path: oneArgument(statement, 'WORKDIR /app') };
  },
};
