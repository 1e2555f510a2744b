import type { Instruction, OnbuildInstruction } from '../ast.ts';
import { splitCommand } from '../split-command.ts';
import type { Statement } from '../statement.ts';
import { missing } from './arguments.ts';
import type { InstructionSyntax } from './instruction-syntax.ts';
import { invalid } from './instruction-syntax.ts';

/** `parseTrigger` reads the inner instruction: the table of all instructions hands it in, since it holds this one too. */
export function onbuild(parseTrigger: (statement: Statement) => Instruction): InstructionSyntax<OnbuildInstruction> {
  return {
    kind: 'ONBUILD',
    flags: {},
    parse(statement) {
      const { line, command, escapeToken } = statement;
      if (command.args.text === '') throw missing(statement, 'an instruction', 'ONBUILD COPY . /src');
      const inner = splitCommand(line, command.args, escapeToken);
      const name = inner.keyword.text.toUpperCase();
      if (name === 'ONBUILD' || name === 'FROM' || name === 'MAINTAINER') {
        throw invalid(statement, `${name} cannot be a trigger of ONBUILD.`, { at: inner.keyword });
      }
      const trigger = parseTrigger({ ...statement, command: inner, comment: [] });
      return { kind: 'ONBUILD', expression: expressionOf(statement), trigger };
    },
  };
}

/** The text behind the keyword, flags and trailing blanks included, with the heredocs as they stand in the file. */
function expressionOf({ line, heredocs }: Statement): string {
  const text = line.text.replace(/^[\t\n\f\r ]*ONBUILD[\t\n\f\r ]*/i, '');
  return heredocs.reduce((joined, { raw, content, name }) => `${joined}\n${raw ?? content}${name}`, text);
}
