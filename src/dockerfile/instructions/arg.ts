import type { ArgInstruction } from '../ast.ts';
import { wordOf } from '../logical-line.ts';
import { splitWords } from '../split-words.ts';
import { blankName, missing, splitAtEquals } from './arguments.ts';
import type { InstructionSyntax } from './instruction-syntax.ts';

export const arg: InstructionSyntax<ArgInstruction> = {
  kind: 'ARG',
  flags: {},
  parse(statement) {
    const { line, command, escapeToken } = statement;
    const words = splitWords(line, command.args, escapeToken);
    if (words.length === 0) throw missing(statement, 'at least one name', 'ARG VERSION=1.0');
    const args = words.map((word) => {
      const [name, value] = splitAtEquals(word);
      if (name.text === '') throw blankName(statement, word);
      return { name: wordOf(line, name), value: value && wordOf(line, value) };
    });
    return { kind: 'ARG', args };
  },
};
