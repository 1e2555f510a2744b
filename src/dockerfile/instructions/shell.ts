import type { ShellInstruction } from '../ast.ts';
import { readJsonArray } from '../json-array.ts';
import { missing } from './arguments.ts';
import type { InstructionSyntax } from './instruction-syntax.ts';
import { invalid } from './instruction-syntax.ts';

export const shell: InstructionSyntax<ShellInstruction> = {
  kind: 'SHELL',
  flags: {},
  parse(statement) {
    const example = 'SHELL ["/bin/bash", "-c"]';
    const argv = readJsonArray(statement.line, statement.command.args)?.map((element) => element.text);
    if (argv?.length === 0 || statement.command.args.text === '') throw missing(statement, 'a program', example);
    if (!argv) throw invalid(statement, 'SHELL takes the JSON form only.', { hint: `For example: ${example}` });
    return { kind: 'SHELL', argv };
  },
};
