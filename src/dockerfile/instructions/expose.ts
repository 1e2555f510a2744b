import type { ExposeInstruction } from '../ast.ts';
import { missing, plainList } from './arguments.ts';
import type { InstructionSyntax } from './instruction-syntax.ts';

/** Ports are in the file's order; BuildKit sorts them as text before it expands them. */
export const expose: InstructionSyntax<ExposeInstruction> = {
  kind: 'EXPOSE',
  flags: {},
  parse(statement) {
    const ports = plainList(statement);
    if (ports.length === 0) throw missing(statement, 'at least one port', 'EXPOSE 8080/tcp');
    return { kind: 'EXPOSE', ports };
  },
};
