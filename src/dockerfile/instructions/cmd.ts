import type { CmdInstruction } from '../ast.ts';
import { commandLine } from './arguments.ts';
import type { InstructionSyntax } from './instruction-syntax.ts';

/** Without arguments it is a shell form with an empty command, as BuildKit has it. */
export const cmd: InstructionSyntax<CmdInstruction> = {
  kind: 'CMD',
  flags: {},
  parse(statement) {
    return { kind: 'CMD', command: commandLine(statement) };
  },
};
