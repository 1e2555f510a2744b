import type { EntrypointInstruction } from '../ast.ts';
import { commandLine } from './arguments.ts';
import type { InstructionSyntax } from './instruction-syntax.ts';

/** Without arguments it is a shell form with an empty command, as BuildKit has it. */
export const entrypoint: InstructionSyntax<EntrypointInstruction> = {
  kind: 'ENTRYPOINT',
  flags: {},
  parse(statement) {
    return { kind: 'ENTRYPOINT', command: commandLine(statement) };
  },
};
