import type { AddInstruction } from '../ast.ts';
import type { InstructionSyntax } from './instruction-syntax.ts';
import { sourcesAndDestination } from './sources.ts';

export const add: InstructionSyntax<AddInstruction> = {
  kind: 'ADD',
  flags: {
    chown: 'string',
    chmod: 'string',
    link: 'boolean',
    exclude: 'list',
    'keep-git-dir': 'boolean',
    checksum: 'string',
    unpack: 'boolean',
  },
  parse(statement) {
    return { kind: 'ADD', ...sourcesAndDestination(statement) };
  },
};
