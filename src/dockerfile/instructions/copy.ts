import type { CopyInstruction } from '../ast.ts';
import type { InstructionSyntax } from './instruction-syntax.ts';
import { sourcesAndDestination } from './sources.ts';

export const copy: InstructionSyntax<CopyInstruction> = {
  kind: 'COPY',
  flags: { from: 'string', chown: 'string', chmod: 'string', link: 'boolean', exclude: 'list', parents: 'boolean' },
  parse(statement) {
    return { kind: 'COPY', ...sourcesAndDestination(statement) };
  },
};
